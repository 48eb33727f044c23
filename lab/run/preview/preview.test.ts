import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parseRequest } from '../../cli/options/run.ts'
import { Fault } from '../../model/fault.ts'
import { type Preview, previewOf } from '../../plan/preview.ts'
import { partsOfShard } from '../../plan/shards.ts'
import { askedOf } from '../open/asked.ts'
import { planOf, seriesFound } from '../open/fixture.ts'
import { foresee, proxyOfTimeForeseen } from '../open/foresee.ts'
import { type Previewed, previewed } from './preview.ts'
import { previewText } from './text.ts'

const signal = new AbortController().signal
const optionsOf = (command: string) => parseRequest(command.split(' '), {})

/** What tells the cells of a run apart, by names that preview and plan both have. */
const tell = (kernel: string, theCase: string, load: { name: string; duration: number }, boots: number) =>
  `${kernel} ${theCase} ${load.name} ${load.duration} s × ${boots}`

const inPlan = (spec: string) => ({ series: seriesFound(spec), proxy: proxyOfTimeForeseen(seriesFound(spec)) })

/** A preview by versions alone, as of kernels of which nothing else is known. */
async function byVersions(command: string, shard = { index: 1, of: 1 }): Promise<Preview> {
  const options = await optionsOf(command)
  const { requests, rows } = await askedOf(options)
  const all = await foresee(
    requests,
    rows.map(({ experiment }) => experiment.name),
  )
  const specs = all.flatMap(({ kernels }) => kernels.map(({ spec }) => spec))
  const known = new Map(specs.map((spec) => [spec, { ...inPlan(spec), features: null, by: 'version' } as const]))
  return previewOf(partsOfShard(all, shard), known, options.request)
}

for (const command of [
  '--kernel 6.1',
  '--kernel 4.9,host --case fd-passing,syn-delay* --proxy haproxy:2.6,nginx --maxaccept 4,64 --users 20,80',
  '--kernel *,host',
  '--kernel 6.1,6.12 --keep-alive 20',
  '--kernel 4.9,6.1 --experiment fused-ack,production-rule,latency-price,nginx',
  '--kernel 6.1 --experiment *',
])
  test(`${command}: its cells, loads and boots are those of the plan, shard by shard, too`, async () => {
    const options = await optionsOf(command)
    for (const shard of [undefined, { index: 1, of: 3 }, { index: 7, of: 9 }]) {
      const { cells } = await planOf(await askedOf({ ...options, shard }))
      const found = await byVersions(command, shard)
      assert.equal(
        found.cells.map((one) => tell(one.kernel, one.case, one.load, one.boots)).sort(),
        cells.map((one) => tell(one.kernel.name, one.case.name, one.load, one.boots)).sort(),
        `${shard?.index}/${shard?.of}`,
      )
    }
  })

test('what versions and loads rule out is left out, with the reason of the run itself', async () => {
  const command = '--kernel 4.9 --case fd-passing,ebpf-drain,idle-close-on-response --haproxy 1.7,2.6'
  const { leftOut } = await byVersions(command)
  const { skipped } = await planOf(await askedOf(await optionsOf(command)))
  assert.equal(
    leftOut.map(({ case: name, reason }) => [name, reason]),
    // A series is named by the preview, a version by the run.
    skipped.map(({ case: name, reason }) => [name, reason.replace('not 1.7.1', 'not 1.7')]),
  )
  assert.ok(leftOut.some(({ reason }) => reason === 'needs --keep-alive MS'))
})

test('its time is the sum of its boots, of those that find out what is carried, and of trying the kernels', async () => {
  const { seconds, cells } = await byVersions('--kernel 5.10,6.1 --case none,fd-passing --boots 3 --duration 2')
  const boots = cells.reduce((sum, one) => sum + one.boots, 0)
  assert.is(boots, 2 * 2 * 2 * 3)
  const { reloading, around, capacityBoots, capacities, kernels, total } = seconds
  assert.equal([reloading, around], [boots * 2, boots * 4])
  assert.equal([capacityBoots, capacities, kernels], [4, 24, 60])
  assert.is(total, reloading + around + capacities + kernels)
  assert.is((await byVersions('--kernel 6.1 --users 20')).seconds.capacityBoots, 0)
})

/** The text of a preview, in which nothing depends on what this machine has. */
async function text(command: string): Promise<string> {
  const options = await optionsOf(command)
  return previewText(await previewed(options, signal), options, 100)
}

test('a shard tells which part of the whole it is', async () => {
  const of = async (shard: string) => text(`--kernel 4.9,6.1 --case none,syn-block --engine docker --shard ${shard}`)
  assert.match(await of('1/4'), /^shard 1\/4: 2 of 8 cells, 4 boots\n/)
  const left = await of('9/9')
  assert.match(left, /^shard 9\/9: 0 of 8 cells, 0 boots\n\nNothing would be measured/)
  assert.not.match(left, 'This is a sum')
})

test('a shard tells what all of them take, and how many machines can be kept busy', async () => {
  const said = async (command: string) => (await text(`${command} --engine docker`)).replace(/\s+/g, ' ')
  // Two kernels under two loads; each of the two cases has its control none.
  const four = '--kernel 4.9,6.1 --case none,syn-block,fd-passing --proxy haproxy:2.6'
  const most = 'This run can keep at most 4 machines busy without measuring anything twice'
  const split = `${most}, and up to 8 where each measures its controls again.`
  // 12 cells of 2 boots of 8 s, 12 s to find out what each kernel carries, and 30 s to try it: 276 s in two halves.
  assert.match(await said(`${four} --shard 1/2`), `All shards together: 5 minutes, the longest 2 minutes. ${split}`)
  // In 4 shards each kernel is tried twice: 336 s, and 90 s where it is found out what is carried.
  assert.match(await said(`${four} --shard 1/4`), `All shards together: 6 minutes, the longest 2 minutes. ${split}`)
  assert.match(await said('--kernel 4.9,6.1 --case none,syn-block --shard 9/9'), `${most}.`)
  assert.not.match(await said(four), 'machines busy')
})

test('what only a guest can tell is said to be so, and a reason names its proxies where others can', async () => {
  const said = (await text('--kernel 4.9,7 --case fd-passing --engine docker --proxy haproxy:1.7,haproxy:2.6')).replace(
    /\s+/g,
    ' ',
  )
  assert.match(said, 'fd-passing on 4.9 with haproxy:1.7: needs HAProxy 1.8 or later, not 1.7')
  assert.match(said, 'What 4.9 can do is known by version alone')
  assert.match(said, 'What 7 can do is not known before its guest is asked')
  const both = await text('--kernel 7,experimental --case none --engine docker')
  assert.match(both.replace(/\s+/g, ' '), 'What 7 and experimental can do is not known before their guests are asked')
  const alone = await text('--kernel 4.9 --case fd-passing --engine docker --haproxy 1.7')
  assert.match(alone, 'fd-passing on 4.9: needs HAProxy 1.8')
})

test('a case that only some loads suit is left out under the others', async () => {
  const said = await text('--kernel 6.1 --engine docker --case ab-reload')
  assert.match(said, 'ab-reload on 6.1 under half: needs a closed loop')
  assert.match(said, / saturated: .* 2: ab-restart,/)
  const alone = await text('--kernel 6.1 --engine docker --case ab-reload,none --rate 1000')
  assert.match(alone, 'ab-reload on 6.1: needs a closed loop')
})

test('boots side by side, and a run until sure, are told', async () => {
  const said = async (more: string) => (await text(`--kernel 6.1 --engine docker${more}`)).replace(/\s+/g, ' ')
  assert.match(await said(''), 'About 6 minutes, one after the other. This is a sum and no measurement: 40 boots')
  assert.match(await said(' --jobs 4'), 'About 2 minutes, with 4 boots side by side')
  assert.match(
    await said(' --until-sure'),
    'a cell boots up to 10 times; most are decided earlier, and the sum takes 2',
  )
})

test('a path, a machine and a Swarm need nothing to be asked', async () => {
  const [path, swarm] = [
    await text(`--kernel ${process.execPath} --case none`),
    await text('--kernel 6.1 --engine swarm --case none'),
  ]
  assert.match(path, '2 cells, 4 boots')
  assert.match(swarm.replace(/\s+/g, ' '), 'The nodes of the Swarm carry several at a time')
  const options = await parseRequest(['--guest', 'vagrant', '--kernel', 'k4-9', '--case', 'none'], {})
  const found: Previewed = await previewed(options, signal)
  assert.equal(
    found.preview.cells.map(({ kernel }) => kernel),
    ['vagrant:k4-9', 'vagrant:k4-9'],
  )
  // What runs there nobody knows yet.
  assert.is(found.preview.cells[0]?.proxy, "haproxy:2.6, or that of an old kernel's time")
})

test('nothing is written, not even the cache', async () => {
  const before = process.env.XDG_CACHE_HOME
  const scratch = mkdtempSync(join(tmpdir(), 'hitless-test-'))
  try {
    process.env.XDG_CACHE_HOME = join(scratch, 'cache')
    const out = join(scratch, 'out')
    assert.match(await text(`--kernel 6.1,host --out ${out}`), 'What 6.1 and host can do is known by version alone')
    assert.equal(readdirSync(scratch), [])
  } finally {
    if (before === undefined) delete process.env.XDG_CACHE_HOME
    else process.env.XDG_CACHE_HOME = before
    rmSync(scratch, { recursive: true })
  }
})

test('a mistake that a run would find is found', async () => {
  const fault = await optionsOf('--kernel 6.1 --case none --proxy nginx --maxaccept 7')
    .then((options) => previewed(options, signal))
    .catch((error) => error)
  assert.instance(fault, Fault)
  assert.match(fault.message, '--maxaccept 7: nginx accepts')
})

test.run()
