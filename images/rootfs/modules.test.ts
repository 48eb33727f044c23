import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { file, pack } from './cpio.ts'
import { moduleFiles, modulesArchive } from './modules.ts'

const netfilter = 'kernel/net/netfilter'
let dir: string
const cache = process.env.XDG_CACHE_HOME

test.before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'modules-'))
  process.env.XDG_CACHE_HOME = join(dir, 'cache')
  await mkdir(join(dir, netfilter), { recursive: true })
  await writeFile(join(dir, netfilter, 'x_tables.ko'), 'x_tables')
  await writeFile(join(dir, netfilter, 'xt_mark.ko.gz'), gzipSync('xt_mark'))
  // depmod lists all that a module needs, the nearest first.
  await writeFile(
    join(dir, 'modules.dep'),
    [
      'kernel/net/iptable-filter.ko.xz: kernel/net/ip_tables.ko.xz kernel/net/netfilter/x_tables.ko',
      'kernel/net/ip_tables.ko.xz: kernel/net/netfilter/x_tables.ko',
      'kernel/net/netfilter/xt_mark.ko.gz: kernel/net/netfilter/x_tables.ko',
      'kernel/net/netfilter/x_tables.ko:',
      '',
    ].join('\n'),
  )
  await writeFile(join(dir, 'modules.builtin'), 'kernel/net/sched/sch_prio.ko\n')
})

test.after(async () => {
  if (cache === undefined) delete process.env.XDG_CACHE_HOME
  else process.env.XDG_CACHE_HOME = cache
  await rm(dir, { recursive: true })
})

test('lists files after those that they need, each once', async () => {
  const { files, missing } = await moduleFiles(dir, ['iptable_filter', 'xt-mark'])
  assert.equal(
    files.map((path) => path.slice(dir.length + 1)),
    [
      'kernel/net/netfilter/x_tables.ko',
      'kernel/net/ip_tables.ko.xz',
      'kernel/net/iptable-filter.ko.xz',
      'kernel/net/netfilter/xt_mark.ko.gz',
    ],
  )
  assert.equal(missing, [])
})

test('tells what is missing from what is built in', async () => {
  assert.equal(await moduleFiles(dir, ['sch_prio', 'sch_plug']), { files: [], missing: ['sch_plug'] })
})

test('packs modules unpacked, with the order to load them in', async () => {
  const { archive, missing } = await modulesArchive(dir, ['xt_mark'])
  assert.equal(missing, [])
  const expected = pack([
    file('modules/order', '/modules/x_tables.ko\n/modules/xt_mark.ko\n'),
    file('modules/x_tables.ko', 'x_tables'),
    file('modules/xt_mark.ko', 'xt_mark'),
  ])
  assert.equal(await readFile(archive), expected)
})

test('modules that every guest needs are added where there are any, and are never missing', async () => {
  const other = join(dir, 'other')
  await mkdir(join(other, 'kernel'), { recursive: true })
  await writeFile(join(other, 'kernel/af_packet.ko'), 'af_packet')
  await writeFile(join(other, 'modules.dep'), 'kernel/af_packet.ko:\n')
  const { archive, missing } = await modulesArchive(other, ['xt_mark'])
  // There is no modules.builtin here, as for Linux 2.6.32.
  assert.equal(missing, ['xt_mark'])
  assert.equal(
    await readFile(archive),
    pack([file('modules/order', '/modules/af_packet.ko\n'), file('modules/af_packet.ko', 'af_packet')]),
  )
})

test('packs again when a module changed under the same path', async () => {
  const before = (await modulesArchive(dir, ['x_tables'])).archive
  assert.is((await modulesArchive(dir, ['x_tables'])).archive, before)
  await writeFile(join(dir, netfilter, 'x_tables.ko'), 'x_tables, built again')
  const { archive } = await modulesArchive(dir, ['x_tables'])
  assert.is.not(archive, before)
  assert.ok((await readFile(archive)).includes('built again'))
})

test('a kernel that came without modules lacks all of them', async () => {
  assert.equal((await modulesArchive(null, ['xt_mark'])).missing, ['xt_mark'])
})

test.run()
