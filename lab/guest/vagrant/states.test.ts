import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { errorsIn, leavingOf, statesIn } from './states.ts'

test('only a machine that did not exist is destroyed; any other has a disk of its user', () => {
  const states = {
    destroy: ['not_created'],
    suspend: ['saved', 'paused', 'suspended', 'pmsuspended', 'aborted-saved'],
    // What no table has, too.
    halt: ['poweroff', 'shutoff', 'stopped', 'aborted', 'crashed', 'of a provider that nobody knows'],
  }
  for (const [leaving, found] of Object.entries(states))
    for (const state of found) assert.is(leavingOf(state), leaving, state)
})

const SAID = `1796064159,k6-1,metadata,provider,libvirt
1796064160,k4-9,provider-name,libvirt
1796064160,k4-9,state,not_created
1796064160,k4-9,state-human-short,not created
1796064160,k6-1,state,shutoff\r
1796064161,,ui,info,Current machine states:\\n\\nk6-1,state,running
`

test('which machines there are, and the state of each', () => {
  assert.equal(
    [...statesIn(SAID)],
    [
      ['k4-9', 'not_created'],
      ['k6-1', 'shutoff'],
    ],
  )
  assert.is(statesIn('').size, 0)
})

test('what Vagrant says where it lists none, as a terminal shows it', () => {
  const said = "1,,ui,error,The provider 'x'%!(VAGRANT_COMMA) was\\nnot found.\n1,,error-exit,Vagrant::Errors::X,The"
  assert.is(errorsIn(said), "The provider 'x', was\nnot found.")
  assert.is(errorsIn(SAID), '')
})

test.run()
