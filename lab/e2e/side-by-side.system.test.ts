import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { cpuPairs } from '../guest/cpus/topology.ts'
import { MOST_WAITED } from '../measure/doubts/noise.ts'
import { type Boot, isMeasured } from '../model/result.ts'
import { resultIn } from '../saved/reference.ts'
import { newRun, start } from './harness.ts'

// Cells side by side, end to end.

const measuredOf = (run: string) => resultIn(run).cells.filter(isMeasured)

const sideBySide = suite('side by side')

sideBySide('results are in the order of the plan, and stderr reports each cell as it ends', async () => {
  const run = newRun()
  const cases = ['none', 'fd-passing', 'no-reload']
  const many = ['--case', cases.join(), '--duration', '2', '--jobs', '3', '--out', run]
  const { stderr } = await start(['--kernel', 'host', ...many]).ended
  assert.equal(
    measuredOf(run).map((cell) => cell.case),
    cases,
    stderr,
  )
  for (const name of cases)
    assert.match(stderr, new RegExp(`^\\S+-${name}-users-20: [\\d,]+ resets.* connections`, 'm'))
  for (const { eachBoot, noise } of measuredOf(run)) {
    const [{ waited }] = eachBoot as [Boot]
    assert.type(waited, 'number')
    assert.is(/waited for a CPU/.test(noise.join()), waited! > MOST_WAITED)
  }
  assert.is(/CPUs for \d+, 2 a guest: they share them/.test(stderr), cpuPairs().length < 3)
})

sideBySide('guests side by side are pinned, and one that waited for a CPU is noisy', async () => {
  const run = newRun()
  const { stderr } = await start([
    ...['--kernel', '6.1', '--case', 'none,no-reload'],
    ...['--duration', '1', '--jobs', '2', '--out', run],
  ]).ended
  const cells = measuredOf(run)
  assert.is(cells.length, 2, stderr)
  const pairs = cpuPairs().map(({ proxy, generator }) => [String(proxy), String(generator)])
  for (const { eachBoot, noisy, noise } of cells) {
    const [{ pins, waited }] = eachBoot as [Boot]
    assert.ok(
      pairs.some((pair) => pair.join() === pins.vcpus.join()),
      pins.vcpus.join(),
    )
    assert.type(waited, 'number')
    assert.is(/waited for a CPU/.test(noise.join()), waited! > MOST_WAITED)
    assert.is(noisy, noise.length > 0)
  }
  if (pairs.length > 1) {
    const [one, other] = cells.map(({ eachBoot }) => eachBoot[0]!.pins.vcpus.join())
    assert.is.not(one, other)
  }
})

sideBySide.run()
