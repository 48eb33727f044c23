import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { missed } from './finding.ts'
import { plantedCases, runCases } from './in-cases.ts'
import { judgeEdited, SAVED_PLANTS } from './in-saved.ts'
import { runSabotaged, SOURCE_PLANTS } from './in-source.ts'
import { judgeStream, spoil } from './in-streams.ts'
import { missedOf, twinsOf } from './list.ts'
import { SLOW_TO_BEGIN } from './source/generator.ts'
import { STREAM_PLANTS } from './streams/plants.ts'

// Defects planted on purpose: each must turn a cell red or yellow, for its own reason. These are the quick ones;
// `lab/bench.ts sabotage` plants all.

const sabotage = suite('sabotage is noticed')
const { signal } = new AbortController()

const cases = await plantedCases()
const HEALTHY = ['none', 'fd-passing', 'no-reload']

sabotage('broken cases are red or yellow, and healthy ones beside them green', async () => {
  const quick = cases.filter((plant) => plant.quick)
  const args = ['--kernel', 'host', '--users', '20', '--boots', '1', '--duration', '1']
  await runCases({ args, plants: quick }, HEALTHY, signal, async (ran, findings) => {
    assert.is(findings.length, quick.length)
    assert.equal(missedOf(findings).map(missed), [])
    assert.is(ran.status, 4, 'some of them fail their cell')
    // So short a run may find no significant difference; it may not find anything wrong.
    const unwell = twinsOf(ran.result, HEALTHY).filter(
      ({ reason }) => reason && !/no significant difference/.test(reason),
    )
    assert.equal(unwell, [])

    assert.is(judgeStream(ran.out)[0].verdict, 'expected', 'the stream as it is')
    assert.equal(missedOf(STREAM_PLANTS.map((plant) => spoil(plant, ran.out))).map(missed), [])
    for (const plant of SAVED_PLANTS) assert.equal(missedOf([await judgeEdited(plant, ran)]).map(missed), [])
  })
})

for (const plant of SOURCE_PLANTS.filter(({ quick }) => quick))
  sabotage(`${plant.name}: ${plant.planted}`, async () => {
    assert.equal(missedOf([await runSabotaged(plant, signal)]).map(missed), [])
  })

sabotage('a generator that is slow to begin is waited for, and its cell is no worse', async () => {
  const plant = { name: 'slow to begin', planted: 'no defect', caught: { verdict: ['expected' as const], by: /./ } }
  const { said } = await runSabotaged({ ...plant, edits: [SLOW_TO_BEGIN], case: 'none' }, signal)
  assert.is(said[0]?.verdict, 'expected', said[0]?.reason)
})

sabotage.run()
