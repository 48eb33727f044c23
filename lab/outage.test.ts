import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { fixture, lab, measured } from './fixtures/harness.ts'

// Mitigations that are broken on purpose: each stops resets, or seems to, and none may end green.

const outages = suite('no outage is green')

const BROKEN: [name: string, kernel: string, verdict: string, reason: RegExp][] = [
  ['rule-never-removed', 'host', 'contradicts', /the service answered 0 of 32 connections/],
  ['plug-never-released', '6.1', 'contradicts', /the service answered 0 of 32 connections/],
  ['rule-on-wrong-port', 'host', 'inconclusive', /the case did not act: 0 SYNs dropped/],
  ['no-timestamps', 'host', 'inconclusive', /the case did not act: 0 bare ACKs dropped/],
  ['steers-to-the-old', 'host', 'inconclusive', /the case did not act in \d+ of \d+ reloads?/],
]
for (const [name, kernel, verdict, reason] of BROKEN)
  outages(`${name} on ${kernel}: ${verdict}`, async () => {
    const ran = await lab(['--kernel', kernel, ...fixture(`outages/${name}`), '--duration', '2'])
    const cell = measured(ran.result(), name)
    assert.is(cell.verdict, verdict, cell.reason)
    assert.match(cell.reason, reason)
    assert.is(ran.status, 1)
    assert.ok(measured(ran.result(), 'none').resets > 0, 'the control is alive')
  })

outages('a proof that prints no number fails the cell', async () => {
  const ran = await lab(['--kernel', 'host', ...fixture('outages/proof-is-no-number'), '--duration', '1'])
  const cell = ran.result().cells.find((cell) => cell.case === 'proof-is-no-number')!
  assert.is(cell.verdict, 'failed')
  assert.match(cell.reason, 'the proof of the case printed many, not a whole number')
  assert.is(ran.status, 4)
})

outages.run()
