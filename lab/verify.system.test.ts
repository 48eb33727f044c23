import { spawnSync } from 'node:child_process'
import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { sha256 } from '../images/cache/cache.ts'
import { named } from './guest/parts.ts'
import { capacityOf, carriedIn, spinIn } from './measure/capacity.ts'
import { readEvents } from './model/events.ts'
import type { Capacity } from './model/result/capacity.ts'
import type { Result } from './model/result.ts'
import { copyRun, REFERENCE } from './saved/reference.ts'
import { readRun } from './saved/run.ts'
import { runProvenance } from './saved/version/provenance.ts'
import type { Finding } from './verify/finding.ts'
import { verifyRun } from './verify/verify.ts'

const scratch = mkdtempSync(join(tmpdir(), 'hitless-test-'))
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }))
// A cache of our own: what the run was made of is not in it, unless a test puts it there.
process.env.XDG_CACHE_HOME = join(scratch, 'cache')

let folders = 0
/** A copy of a committed run of four cells, whose plan names its parts by content. */
function copy(): { run: string; boot: string } {
  const run = join(scratch, `run-${++folders}`)
  const { cells } = copyRun('migration-traced', run)
  return { run, boot: join(run, cells[0]!.folder, 'boot-1') }
}

type Loose = Result & Record<string, unknown>
/** Changes a file of a run in place. */
function change(file: string, how: (value: Loose) => unknown) {
  const value = JSON.parse(readFileSync(file, 'utf8'))
  how(value)
  writeFileSync(file, JSON.stringify(value))
}
const edit = (file: string, how: (text: string) => string) => writeFileSync(file, how(readFileSync(file, 'utf8')))

/** "what: of: says" of all findings in a state. */
const found = (findings: Finding[], state: Finding['is']) =>
  findings.filter(({ is }) => is === state).map(({ what, of, says }) => `${what}: ${of}: ${says}`)

/** What differs in a run after a change, and in nothing else. */
async function differing(plant: (copied: { run: string; boot: string }) => unknown): Promise<string[]> {
  const copied = copy()
  await plant(copied)
  return found(await verifyRun(copied.run), 'differs')
}

test('committed runs, old and new: nothing differs, and what cannot be checked says why', async () => {
  for (const name of ['migration-traced', 'qdisc']) {
    const findings = await verifyRun(join(REFERENCE, name))
    assert.equal(found(findings, 'differs'), [])
    for (const what of ['shape', 'sums', 'plan', 'numbers', 'verdict', 'command'])
      assert.ok(
        findings.some((one) => one.what === what && one.is === 'ok'),
        `${name}: ${what}`,
      )
    for (const { says } of findings) assert.ok(says.length > 0)
  }
})

test('a number, a verdict, a hash or a sum that was changed in the result', async () => {
  type Cell = { ok: number; latencyMs: object; load: object; eachBoot: [object] }
  const changed = (how: (cell: Cell) => unknown) =>
    differing(({ run }) => change(join(run, 'result.json'), ({ cells }) => how(cells[0] as never)))
  for (const [how, said] of [
    [(one) => Object.assign(one.latencyMs, { p50: 0.001 }), /latencyMs .*: its events say/],
    [(one) => Object.assign(one, { verdict: 'inconclusive' }), /verdict "inconclusive": by its events it is "/],
    [(one) => Object.assign(one, { kernelSha256: 'x' }), /kernelSha256 "x": its plan and events say "/],
    [(one) => Object.assign(one, { seed: 9 }), /seed 9: its plan and events say 1/],
    [(one) => Object.assign(one.load, { interval: 9 }), /: load\.interval 9: its plan and events say \d+$/],
    [(one) => Object.assign(one.eachBoot[0], { clocksource: 'hpet' }), /eachBoot .*: its plan and events say/],
  ] as [(one: Cell) => unknown, RegExp][]) {
    const [first = '', ...others] = await changed(how)
    assert.match(first, /^numbers: none under users-80 on 6\.1\.\S+: /)
    assert.match(first, said)
    assert.equal(others, [])
  }
  const sums = await changed((one) => Object.assign(one, { ok: one.ok + 1 }))
  assert.ok(sums.some((said) => said.startsWith('sums: result.json: cells.0')))
})

test('events, commands, files of guests, configurations and capacities that were changed afterwards', async () => {
  const events = await differing(({ boot }) =>
    edit(join(boot, 'events.jsonl'), (text) =>
      text.replace(/("e":"load","t":\d+,"begun":)(\d+)/, (_, name, count) => name + (Number(count) + 1)),
    ),
  )
  assert.match(
    events.join('\n'),
    /^numbers: none under .*: boot-1\/events\.jsonl: |^numbers: none under .*: connections \d+: its events say \d+$/m,
  )
  assert.match(
    (await differing(({ boot }) => appendFileSync(join(boot, 'command.txt'), 'x'))).join(),
    /^command: \S+boot-1\/command\.txt: not as result\.json says$/,
  )
  assert.match(
    (
      await differing(({ run }) => edit(join(run, 'plan.json'), (text) => text.replace(/"argv":\[/, '"argv":["x",')))
    ).join(),
    /^plan: plan\.json: its argv is not that of result\.json$/,
  )
  const config = await differing(({ run }) => {
    const [kernel] = (JSON.parse(readFileSync(join(run, 'result.json'), 'utf8')) as Result).kernels
    appendFileSync(join(run, kernel!.config!.file), '# CONFIG_X is not set\n')
  })
  assert.match(config.join(), /^kernel configuration: 6\.1\.\S+: SHA-256 \S+ of config-\S+; expected /)
  const run = join(scratch, `run-${++folders}`)
  copyRun('qdisc', run)
  edit(join(run, 'result.json'), (text) => text.replace('{', '{ "x": 1,'))
  assert.equal(found(await verifyRun(run), 'differs'), [], 'a field that this version does not know')
})

test('what kernels carry follows from the boots that found it out, and those from their events', async () => {
  const file = (run: string, boot: number) =>
    join(run, `capacity-6.1.0-57-cloud-amd64-haproxy-2.6.12-maxaccept4-boot-${boot}.jsonl`)
  /** A copy of a run whose two boots disagree, with what a later version would have saved of them. */
  const told = async (how: (found: Capacity) => unknown, after = (_run: string) => {}) => {
    const run = join(scratch, `run-${++folders}`)
    copyRun('engine-swarm', run)
    const carried = [1, 2].map((boot) => {
      const { events } = readEvents(readFileSync(file(run, boot), 'utf8'))
      return { perSecond: carriedIn(events)!, waited: 0.03, stolen: 0, spinUs: spinIn(events) }
    })
    const [planned] = readRun(run).capacities as [Capacity]
    const found = { ...planned, ...capacityOf('qemu', carried) }
    how(found)
    for (const name of ['result.json', 'plan.json'])
      change(join(run, name), (value) => Object.assign(value, { capacities: [found] }))
    after(run)
    const all = (await verifyRun(run)).filter(({ what }) => what === 'capacity')
    return all.map(({ is, says }) => `${is}: ${says}`)
  }
  assert.equal(await told(({ unsettled }) => assert.match(unsettled!, 'no two of 2')), [
    'ok: the 2 boots that found it out say the same',
  ])
  const waiting = (found: Capacity) => {
    const [one, other] = found.boots!.map(({ leftOut, ...boot }) => boot)
    Object.assign(found, capacityOf('qemu', [{ ...one!, waited: 0.3 }, other!]))
  }
  assert.equal(await told(waiting), [
    'ok: the 2 boots that found it out say the same',
    "unchecked: that boot 1 waited for a CPU, or lost it to this host's own hypervisor, and so is left out: only result.json says so",
  ])
  const changes: [(found: Capacity) => unknown, RegExp][] = [
    [({ boots }) => Object.assign(boots![0]!, { perSecond: 3500 }), /^differs: \S+boot-1\.jsonl: what its events say/],
    [({ boots }) => Object.assign(boots![1]!, { spinUs: 20 }), /^differs: \S+boot-2\.jsonl: what its events say/],
    [
      ({ boots }) => Object.assign(boots![1]!, { waited: 0.5 }),
      /^differs: 34\d\d\.\d+ connections a second: of these boots it is 430\d\.\d+$/,
    ],
    [
      ({ boots }) => Object.assign(boots![1]!, { leftOut: 'slow' }),
      /^differs: which boots are left out and why, or whether they agree, does not follow/,
    ],
    [
      (found) => Object.assign(found, { unsettled: null }),
      /^differs: which boots are left out and why, or whether they agree, does not follow/,
    ],
    [
      ({ boots, ...found }) => boots!.push({ ...boots![0]!, perSecond: found.perSecond }),
      /^unchecked: \S+boot-3\.jsonl was not kept/,
    ],
  ]
  for (const [how, said] of changes) {
    const [first = '', ...others] = await told(how)
    assert.match(first, said)
    assert.equal(others, [])
  }
  const [other] = await told(
    () => {},
    (run) => change(join(run, 'plan.json'), (value) => Object.assign(value, { capacities: [] })),
  )
  assert.is(other, 'differs: its capacities are not those of result.json')
})

test('what a guest was given: of the same version it must be the same, of another it cannot be told', async () => {
  const { lab } = await runProvenance()
  const commit = lab.commit!.replace('-dirty', '')
  const { run, boot } = copy()
  appendFileSync(join(boot, 'cell/before'), 'true\n')
  const other = found(await verifyRun(run), 'unchecked')
  assert.match(
    other.join('\n'),
    /^guest files: \S+\/boot-1\/cell: this version of the lab would write other files: .*\bbefore\b/m,
  )
  if (lab.commit !== commit) return
  for (const file of ['result.json', 'plan.json'])
    change(join(run, file), (value) => Object.assign(value, { lab: { ...lab, commit } }))
  const same = found(await verifyRun(run), 'differs')
  assert.match(same.join('\n'), /^guest files: \S+\/boot-1\/cell: not as the plan says: .*\bbefore\b/m)
})

test('files of a guest that lack, as those of a boot that failed early', async () => {
  const { run, boot } = copy()
  writeFileSync(join(boot, 'cell', 'env'), "PROXY_CPU='a'\n")
  assert.match(
    found(await verifyRun(run), 'differs').join('\n'),
    /cell: env does not say which CPUs the guest was given/,
  )
  for (const name of readdirSync(join(boot, 'cell'))) rmSync(join(boot, 'cell', name))
  const findings = await verifyRun(run)
  assert.equal(found(findings, 'differs'), [])
  assert.match(found(findings, 'unchecked').join('\n'), /guest files: .*boot-1\/cell: there are none/)
})

test('parts that this machine has are read again; a changed one differs, a missing one cannot be checked', async () => {
  const { run } = copy()
  const path = join(scratch, 'haproxy')
  writeFileSync(path, 'a proxy')
  const { proxy } = await named({ proxy: { path } })
  change(join(run, 'plan.json'), ({ cells }) => {
    for (const cell of cells as never as { proxy: object }[]) Object.assign(cell.proxy, proxy)
  })
  const states = async () =>
    (await verifyRun(run)).filter(({ what }) => what === 'proxy').map(({ is, says }) => `${is} ${says}`)
  assert.match((await states()).join(), /^ok SHA-256 \w{12}… of \S+\/haproxy$/)
  writeFileSync(path, 'another')
  assert.match((await states()).join(), /^differs SHA-256 \w{12}… of \S+\/haproxy; expected \w{12}…$/)
  rmSync(path)
  assert.match((await states()).join(), /^unchecked \S+\/haproxy is gone$/)
})

test('the image of a kernel that the cache knows is read again', async () => {
  const { run } = copy()
  const [{ kernel, imageSha256 }] = (JSON.parse(readFileSync(join(run, 'result.json'), 'utf8')) as Result).kernels as [
    Result['kernels'][number],
  ]
  const records = join(process.env.XDG_CACHE_HOME!, 'hitless/kernels')
  mkdirSync(records, { recursive: true })
  const image = join(records, 'vmlinuz')
  writeFileSync(image, 'no kernel')
  const facts = { origin: 'live', version: null, debSha256: null, modules: null, config: null }
  const record = { ...facts, name: kernel, series: '6.1', sha256: imageSha256, image }
  writeFileSync(join(records, '6.1.json'), JSON.stringify(record))
  assert.match(
    found(await verifyRun(run), 'differs').join(),
    /^kernel image: 6\.1\.\S+: SHA-256 \S+ of \S+\/vmlinuz; expected/,
  )
  rmSync(records, { recursive: true })
})

test('versions: one that is known, one that is not, and one with changes that nobody committed', async () => {
  const said = async (commit: string | null) => {
    const { run } = copy()
    for (const file of ['result.json', 'plan.json'])
      change(join(run, file), (value) => Object.assign(value, { lab: { version: '0', commit } }))
    return (await verifyRun(run)).filter(({ what }) => what === 'version').map(({ is, of }) => `${is} ${of}`)
  }
  const { lab } = await runProvenance()
  const here = lab.commit!.replace('-dirty', '')
  assert.equal(await said(here), [`ok ${here}`])
  const nowhere = sha256('nowhere').slice(0, 40)
  assert.equal(await said(`${here}, then ${nowhere}`), [`ok ${here}`, `unchecked ${nowhere}`])
  assert.equal(await said('abc-dirty'), ['unchecked abc-dirty'])
  assert.equal(await said(null), ['unchecked 0'])
})

test('the command: exit status 0, 1 and 2, sentences or JSON', () => {
  const verify = (...args: string[]) =>
    spawnSync(process.execPath, ['--import', 'tsx', fileURLToPath(new URL('verify.ts', import.meta.url)), ...args], {
      encoding: 'utf8',
    })
  const { run } = copy()
  const good = verify('reports/README.md', run)
  assert.is(good.status, 0, good.stderr)
  assert.match(good.stderr, 'note: passed over reports/README.md: no saved run')
  assert.match(
    good.stdout,
    /\nok:\n[\s\S]*\n {2}numbers \(4\): as the events say\n[\s\S]*\ncannot be checked here:\n[\s\S]*, 0 differ, \d+ cannot be checked here\n$/,
  )
  change(join(run, 'result.json'), ({ cells }) => Object.assign(cells[0]!, { seed: 9 }))
  const bad = verify(run, '--json')
  assert.is(bad.status, 1)
  const [{ findings }] = JSON.parse(bad.stdout) as [{ findings: Finding[] }]
  assert.is(found(findings, 'differs').length, 1)
  assert.match(verify(run).stdout, /\nDIFFERS:\n {2}numbers: .* seed 9/)
  writeFileSync(join(run, 'result.json'), '{')
  assert.match(verify(run).stdout, /DIFFERS:\n {2}shape: result\.json: it is not JSON/)
  for (const args of [[], [scratch], ['reports/README.md'], ['--x', run]])
    assert.is(verify(...args).status, 2, args.join(' '))
})

test.run()
