import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { outcomes } from './checks.ts'

const tried = (kernel: string, said: string, at: string) => ({ kernel, boots: said === '', said, at })

test('kernels that came to the same with KVM are told in one line, by age, with the latest time', () => {
  const known = [
    tried('6.1.0-57-cloud-amd64', 'no such MSR', '2026-11-30T16:28:22Z'),
    tried('5.10.0-46-cloud-amd64', '', '2026-11-30T16:29:00Z'),
    tried('2.6.32.9', 'no such MSR', '2026-11-30T16:50:06Z'),
    // The same kernel in another build.
    tried('2.6.32.9', 'no such MSR', '2026-11-30T16:46:39Z'),
    tried('4.9.115', 'its guest says nothing', '2026-11-30T16:30:00Z'),
  ]
  assert.equal(
    outcomes(known).map(({ what, ok }) => [what, ok]),
    [
      ['2.6.32.9 and 6.1.0-57-cloud-amd64 with KVM, last tried 2026-11-30T16:50:06Z: no such MSR', false],
      ['5.10.0-46-cloud-amd64 with KVM, tried 2026-11-30T16:29:00Z: it boots', true],
      ['4.9.115 with KVM, tried 2026-11-30T16:30:00Z: its guest says nothing', false],
    ],
  )
  assert.equal(outcomes([]), [])
})

test.run()
