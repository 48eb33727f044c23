import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { plantedCases, runCases } from './in-cases.ts'
import { labPlants, planted, runSabotaged } from './in-lab.ts'
import { forge, savedPlants } from './in-saved.ts'
import { judgeStream, spoil, streamPlants } from './in-streams.ts'
import { missedOf, twinsOf } from './list.ts'
import { missed } from './plant.ts'

// Defects planted on purpose: each must turn a cell red or yellow, for its own reason. `lab/bench.ts sabotage` plants
// all of them; here are those that are quick.

const sabotage = suite('sabotage is noticed')
const { signal } = new AbortController()

const cases = await plantedCases()
const HEALTHY = ['none', 'fd-passing', 'no-reload']

sabotage('no two defects are called alike, and none of the lab itself is rotten', () => {
  const all = [cases, labPlants, streamPlants, savedPlants].flatMap((list) => list.map(({ name }) => name))
  assert.equal(
    all.filter((name, i) => all.indexOf(name) < i),
    [],
  )
  for (const { edits } of labPlants) for (const edit of edits) assert.ok(planted(edit).includes(edit.replace))
  for (const { name, default: of } of cases) assert.is(of.name, name, 'a file is called as its case')
})

sabotage('broken cases are red or yellow, and healthy ones beside them green', async () => {
  const quick = cases.filter((plant) => plant.quick)
  const args = ['--kernel', 'host', '--users', '20', '--boots', '1', '--duration', '1']
  await runCases({ args, plants: quick }, HEALTHY, signal, async (ran, findings) => {
    assert.is(findings.length, quick.length)
    assert.equal(missedOf(findings).map(missed), [])
    assert.is(ran.status, 4, 'some of them fail their cell')
    // So short a run may be too short for a sure difference; it may not find anything wrong.
    const unwell = twinsOf(ran.result, HEALTHY).filter(({ reason }) => reason && !/no sure difference/.test(reason))
    assert.equal(unwell, [])

    assert.is(judgeStream(ran.out).verdict, 'expected', 'the stream as it is')
    assert.equal(missedOf(streamPlants.map((plant) => spoil(plant, ran.out))).map(missed), [])
    for (const plant of savedPlants) assert.equal(missedOf([await forge(plant, ran)]).map(missed), [])
  })
})

for (const plant of labPlants.filter(({ quick }) => quick))
  sabotage(`${plant.name}: ${plant.planted}`, async () => {
    assert.equal(missedOf([await runSabotaged(plant, signal)]).map(missed), [])
  })

sabotage('a plant whose place is gone, or is there twice, fails loudly', () => {
  const edit = { file: 'images/guest/commands/closed.c', replace: '' }
  assert.throws(() => planted({ ...edit, find: 'no such text' }), /a rotten plant: "no such text" is 0 times in/)
  assert.throws(() => planted({ ...edit, find: 'listener' }), /is \d times in images\/guest\/closed.c, not once/)
})

sabotage.run()
