import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import * as v from 'valibot'
import { builtinCases } from '../../cases/load.ts'
import { proxyNamed } from '../../images/proxies/proxies.ts'
import { type MeasuredBoot, measureAgain } from '../measure/boot.ts'
import { gathered, judged } from '../measure/verdict/judged.ts'
import { resolveCase } from '../model/case/resolve.ts'
import type { Cell, Features } from '../model/cell.ts'
import { readEvents } from '../model/events.ts'
import { isMeasured, Result } from '../model/result.ts'
import { cell, mistakes, run } from './fixtures/changed.ts'
import { readResult } from './reread.ts'

// A saved run that is read again beside its plan.

/** A run with its plan, and the verdicts that follow but for one of `no-reload`. */
async function planned(): Promise<string> {
  const folder = run()
  const result = v.parse(Result, JSON.parse(readFileSync(join(folder, 'result.json'), 'utf8')))
  const cases = await builtinCases()
  const [{ features }] = result.kernels as [Result['kernels'][number]]
  const measured = result.cells.filter(isMeasured)
  // The plan below does not know what they were made of.
  for (const one of measured) delete one.parts
  const cells = measured.map(
    (one): Cell => ({
      name: one.folder,
      guest: one.guest,
      accel: one.accel,
      kernel: {
        name: one.kernel,
        series: one.series,
        sha256: one.kernelSha256,
        image: '/x',
        modules: null,
        features: features as Features,
      },
      root: { userland: '/x', programs: '/x' },
      proxy: { ...one.proxy, path: '/x' },
      case: resolveCase(cases.find(({ name }) => name === one.case)!, proxyNamed(one.proxy.name)),
      load: one.load,
      boots: one.boots,
      seed: one.seed,
    }),
  )
  const done = measured.map((one, i) => {
    const boots = one.eachBoot.map((facts, boot) => {
      const { events } = readEvents(readFileSync(join(folder, one.folder, facts.folder, 'events.jsonl'), 'utf8'))
      return measureAgain({ cell: cells[i]!, boot: boot + 1 }, facts, events) as MeasuredBoot
    })
    return gathered(cells[i]!, boots)
  })
  for (const [i, one] of measured.entries()) {
    const { verdict, reason } = judged(done[i]!, done)
    Object.assign(one, { verdict, reason })
  }
  Object.assign(cell(result, 'no-reload'), { verdict: 'contradicts', reason: 'so it is written' })
  result.lab = { version: '1', commit: 'abc' }
  writeFileSync(join(folder, 'result.json'), JSON.stringify(result))
  writeFileSync(join(folder, 'plan.json'), JSON.stringify({ ...result, cells }))
  return folder
}

test('where its plan is there, the verdict is that which follows', async () => {
  const [mistake, ...others] = mistakes(await planned(), { version: '1', commit: 'abc' })
  assert.equal(others, [])
  assert.match(
    mistake!,
    /^cells\.\d \(no-reload under saturated on \S+\): verdict "contradicts": by its events it is "\w+": /,
  )
})

test('another version of the lab may judge otherwise, and that is said', async () => {
  const folder = await planned()
  for (const [here, words] of [
    [{ commit: 'def' }, 'def'],
    [{ commit: 'abc-dirty' }, 'abc-dirty'],
    [{ commit: 'abc', changes: '12' }, 'abc, changes 12'],
    [{ commit: null }, 'no commit'],
  ] as const) {
    const notes: string[] = []
    readResult(folder, (line) => notes.push(line), { version: '2', ...here })
    assert.is(notes.length, 1)
    assert.match(notes[0]!, `saved by hitless 1 (abc) and read by hitless 2 (${words}): `)
    assert.match(notes[0]!, 'verdict "contradicts": by its events')
  }
})

test('a plan of another run', async () => {
  const folder = await planned()
  const plan = JSON.parse(readFileSync(join(folder, 'plan.json'), 'utf8'))
  writeFileSync(join(folder, 'plan.json'), JSON.stringify({ ...plan, started: '2020-01-01T00:00:00.000Z' }))
  assert.match(mistakes(folder).join(), 'its plan.json is of a run that began 2020-01-01')
})

test('a cell that its plan has, and its result not', async () => {
  const folder = await planned()
  const file = join(folder, 'result.json')
  const result = JSON.parse(readFileSync(file, 'utf8'))
  const [gone, ...cells] = result.cells
  writeFileSync(file, JSON.stringify({ ...result, cells }))
  assert.match(mistakes(folder).join(), `its plan.json has also ${gone.folder}, and the run was not interrupted`)
  writeFileSync(file, JSON.stringify({ ...result, cells, interrupted: true }))
  assert.throws(() => mistakes(folder), 'no mistake')
})

test.run()
