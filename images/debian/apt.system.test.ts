import { spawnSync } from 'node:child_process'
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Fault } from '../../lab/model/fault.ts'
import type { Supply } from '../../lab/model/supply.ts'
import { cacheRoot } from '../cache/cache.ts'
import * as fixture from '../fixtures/archive.ts'
import { testSupply } from '../fixtures/supply.ts'
import { obtainKernel } from '../kernels/obtain.ts'
import { supplyKey } from './mirrors.ts'

// apt reads a mirror made by the test, in a directory.

const scratch = mkdtempSync(join(tmpdir(), 'mirror-'))
/** The mirror; each test may spoil a copy. */
const whole = join(scratch, 'debian')
let tree: string
/** What its suites list. */
let packages: Record<string, string[]>
let keys: ReturnType<typeof fixture.makeKeys>
let supply: Supply
let notes: string[] = []
let runs = 0

/** Makes the packages of a kernel as Debian splits it from 6.19 on, without the parts that are left out. */
function split(pool: string, name: string, version: string, ...leftOut: string[]): string[] {
  const parts = ['linux-binary', 'linux-modules', 'linux-base']
  const depends = parts.map((part) => `${part}-${name} (= ${version})`).join(', ')
  const there = parts.filter((part) => !leftOut.includes(part))
  return [
    fixture.makeDeb(pool, name, version, 'linux-image', depends),
    ...there.map((part) => fixture.makeDeb(pool, name, version, part)),
  ]
}

test.before(() => {
  process.on('exit', () => rmSync(scratch, { recursive: true, force: true }))
  if (!RUNS) return
  keys = fixture.makeKeys(join(scratch, 'gnupg'))
  const pool = join(whole, 'pool')
  mkdirSync(pool, { recursive: true })
  packages = {
    forky: split(pool, '7.2.12+deb14-cloud-amd64', '7.2.12-1'),
    sid: [
      ...split(pool, '7.2.13+deb14-amd64', '7.2.13-1'),
      ...split(pool, '7.2.13+deb14-cloud-amd64', '7.2.13-1'),
      ...split(pool, '7.2.13+deb14-rt-amd64', '7.2.13-1'),
    ],
    'trixie-backports': [
      ...split(pool, '7.1.8+deb13-cloud-amd64', '7.1.8-1~bpo13+1', 'linux-modules', 'linux-base'),
      ...split(pool, '6.18.5+deb13-cloud-amd64', '6.18.5-1~bpo13+1'),
    ],
    experimental: [
      ...split(pool, '7.3-cloud-amd64', '7.3~rc7-1~exp1'),
      // A metapackage has the same form of name.
      fixture.makeDeb(pool, '7.4-cloud-amd64', '7.4-1', 'linux-image', 'linux-image-7.4.1+deb14-cloud-amd64 (= 7.4-1)'),
    ],
  }
  for (const [suite, debs] of Object.entries(packages))
    keys.sign(fixture.makeSuite(whole, `dists/${suite}`, debs), 'good')
  keys.publish()
})

test.before.each(() => {
  if (!RUNS) return
  const own = join(scratch, String(++runs))
  tree = join(own, 'debian')
  cpSync(whole, tree, { recursive: true })
  notes = []
  Object.assign(process.env, {
    XDG_CACHE_HOME: join(own, 'cache'),
    HITLESS_LOCK: join(own, 'lock.json'),
  })
  supply = newSupply()
})

test.after(() => {
  if (RUNS) keys.end()
})

const RUNS = fixture.MAKEABLE && !spawnSync('apt-get', ['--version']).error
const it = RUNS ? test : test.skip

/** A supply of its own for each run, for with one supply an index is opened once. */
const newSupply = () =>
  testSupply({ mirror: pathToFileURL(tree).href, keyring: keys.keyring, note: (line) => notes.push(line) })

const obtain = (spec: string, from = supply) => obtainKernel(spec, from)

async function failure(spec: string, exit: number, from = supply): Promise<string> {
  const error = await obtain(spec, from).then(
    () => assert.unreachable('it was fetched') as never,
    (error) => error,
  )
  assert.instance(error, Fault, String(error.stack))
  assert.is(error.exit, exit, error.message)
  assert.equal(fixture.filesBelow(join(cacheRoot(), 'kernels')), [])
  return error.message
}

const inPool = (file: string) => join(tree, 'pool', file)

it('takes the newest cloud kernel of several suites, with all its packages', async () => {
  const kernel = await obtain('7')
  assert.is(kernel.name, '7.2.13+deb14-cloud-amd64')
  assert.is(kernel.origin, 'live')
  const { packages } = JSON.parse(readFileSync(join(cacheRoot(), `fetched/${kernel.name}.json`), 'utf8'))
  const parts = ['base', 'binary', 'modules'].map((part) => `linux-${part}-${kernel.name}`)
  assert.equal(Object.keys(packages), parts)
})

it('passes over a kernel some of whose packages are missing, and says so', async () => {
  assert.is((await obtain('backports')).name, '6.18.5+deb13-cloud-amd64')
  const lacks = 'but not linux-modules-7.1.8+deb13-cloud-amd64 and linux-base-7.1.8+deb13-cloud-amd64, which it needs'
  assert.ok(
    notes.some((line) => line.includes(lacks) && line.includes('taking Linux 6.18.5')),
    notes.join('\n'),
  )
})

it('refuses a version some of whose packages are missing', async () => {
  assert.match(await failure('7.1', 3), 'kernel 7.1: trixie-backports lists linux-image-7.1.8+deb13-cloud-amd64')
})

it('takes a kernel whose name has no ABI number, but no metapackage', async () => {
  assert.is((await obtain('experimental')).name, '7.3-cloud-amd64')
})

it('takes the kernel of another suite for one that is gone from its pool', async () => {
  rmSync(inPool('linux-binary-7.2.13+deb14-cloud-amd64_7.2.13-1_amd64.deb'))
  assert.is((await obtain('7')).name, '7.2.12+deb14-cloud-amd64')
})

it('looks up a torn answer of the index again', async () => {
  const { name } = await obtain('7')
  const answers = fixture.filesBelow(join(cacheRoot(), 'apt')).filter((path) => /[0-9a-f]{12}\.json$/.test(path))
  assert.ok(answers.length)
  for (const path of answers) truncateSync(path, 10)
  rmSync(join(cacheRoot(), 'kernels'), { recursive: true })
  assert.is((await obtain('7')).name, name)
})

it('the next run reads a torn index again', async () => {
  const { name } = await obtain('7')
  const lists = fixture.filesBelow(join(cacheRoot(), 'apt')).filter((path) => path.endsWith('_Packages'))
  for (const path of lists) truncateSync(path)
  rmSync(join(cacheRoot(), 'kernels'), { recursive: true })
  assert.is((await obtain('7', newSupply())).name, name)
})

it('two mirrors in one process keep apart what they have', async () => {
  const other = join(scratch, String(runs), 'other')
  cpSync(tree, other, { recursive: true })
  const older = fixture.filesBelow(join(other, 'pool')).filter((path) => path.includes('7.2.12'))
  keys.sign(fixture.makeSuite(other, 'dists/sid', older), 'good')
  assert.is((await obtain('7')).name, '7.2.13+deb14-cloud-amd64')
  const elsewhere = { ...newSupply(), mirror: pathToFileURL(other).href }
  assert.is((await obtain('7', elsewhere)).name, '7.2.12+deb14-cloud-amd64')
  assert.is((await obtain('7')).name, '7.2.13+deb14-cloud-amd64')
})

it('a mirror that went back to an older kernel: the one fetched before is used; without it, refused until accepted', async () => {
  const kernel = await obtain('7')
  rmSync(join(tree, 'dists/sid'), { recursive: true })
  const older = packages.forky!.map((path) => path.replace(whole, tree))
  keys.sign(fixture.makeSuite(tree, 'dists/sid', older), 'good')
  rmSync(join(cacheRoot(), 'apt'), { recursive: true })
  const record = join(cacheRoot(), `kernels/7${supplyKey(supply)}.json`)
  utimesSync(record, 0, 0)
  const refused = "the mirror's newest version is 7.2.12-1, and was 7.2.13-1 before: it shows an old state"
  assert.is((await obtain('7', newSupply())).name, kernel.name)
  assert.match(notes.join('\n'), `${refused}; using ${kernel.name}, fetched before`)
  rmSync(join(cacheRoot(), 'kernels'), { recursive: true })
  assert.match(await failure('7', 3, newSupply()), refused)
  rmSync(join(cacheRoot(), `fetched/newest-7${supplyKey(supply)}.json`))
  assert.is((await obtain('7', newSupply())).name, '7.2.12+deb14-cloud-amd64')
})

it('an image that was replaced, or emptied, in the cache is fetched again', async () => {
  const { image, sha256 } = await obtain('7')
  const whole = readFileSync(image)
  for (const other of [Buffer.from(whole).fill(0, 600, 700), Buffer.alloc(0)]) {
    writeFileSync(image, other)
    utimesSync(image, 1, 1)
    const again = await obtain('7')
    assert.equal([again.image, again.sha256], [image, sha256])
    assert.equal(readFileSync(image), whole)
  }
})

it('refuses a package that was changed', async () => {
  appendFileSync(inPool('linux-binary-7.2.13+deb14-cloud-amd64_7.2.13-1_amd64.deb'), 'x')
  assert.match(await failure('7', 3), 'cannot fetch linux-binary-7.2.13+deb14-cloud-amd64=7.2.13-1 (sid)')
})

it('refuses an index that was changed', async () => {
  for (const suite of ['forky', 'sid']) appendFileSync(join(tree, `dists/${suite}/Release`), 'Label: x\n')
  assert.match(await failure('7', 3), "cannot read Debian's package index of forky")
})

it('a series that no index lists is a mistake; without an index it is unavailable', async () => {
  assert.match(
    await failure('9.99', 2),
    '--kernel 9.99: no such kernel; expected one of npx tsx lab/list.ts kernels (2.6.32',
  )
  process.env.XDG_CACHE_HOME = join(scratch, String(runs), 'cold')
  const cold = { ...supply, mirror: 'http://mirror.invalid/debian', offline: true }
  assert.match(await failure('9.99', 3, cold), "kernel 9.99: Debian's package index of forky is not in the cache")
})

test.run()
