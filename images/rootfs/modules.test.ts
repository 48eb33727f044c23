import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Fault } from '../../lab/model/fault.ts'
import { module } from '../fixtures/kernel.ts'
import { file, pack } from './cpio.ts'
import { moduleFiles, modulesArchive } from './modules.ts'

const netfilter = 'kernel/net/netfilter'
let dir: string
const cache = process.env.XDG_CACHE_HOME

test.before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'modules-'))
  process.env.XDG_CACHE_HOME = join(dir, 'cache')
  await mkdir(join(dir, netfilter), { recursive: true })
  await writeFile(join(dir, netfilter, 'x_tables.ko'), module('x_tables'))
  await writeFile(join(dir, netfilter, 'xt_mark.ko.gz'), gzipSync(module('xt_mark')))
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
    file('modules/x_tables.ko', module('x_tables')),
    file('modules/xt_mark.ko', module('xt_mark')),
  ])
  assert.equal(await readFile(archive), expected)
})

test('modules that every guest needs are added where there are any, and are never missing', async () => {
  const other = join(dir, 'other')
  await mkdir(join(other, 'kernel'), { recursive: true })
  await writeFile(join(other, 'kernel/af_packet.ko'), module('af_packet'))
  await writeFile(join(other, 'modules.dep'), 'kernel/af_packet.ko:\n')
  const { archive, missing } = await modulesArchive(other, ['xt_mark'])
  // There is no modules.builtin here, as for Linux 2.6.32.
  assert.equal(missing, ['xt_mark'])
  assert.equal(
    await readFile(archive),
    pack([file('modules/order', '/modules/af_packet.ko\n'), file('modules/af_packet.ko', module('af_packet'))]),
  )
})

test('packs again when a module changed under the same path', async () => {
  const before = (await modulesArchive(dir, ['x_tables'])).archive
  assert.is((await modulesArchive(dir, ['x_tables'])).archive, before)
  await writeFile(join(dir, netfilter, 'x_tables.ko'), module('x_tables, built again'))
  const { archive } = await modulesArchive(dir, ['x_tables'])
  assert.is.not(archive, before)
  assert.ok((await readFile(archive)).includes('built again'))
})

test('a list that leads out of the directory, or calls something else a module, gets nothing of it into a guest', async () => {
  const secret = join(dir, 'secret.ko')
  await writeFile(secret, module('secret'))
  const hostile = join(dir, 'hostile')
  await mkdir(join(hostile, 'kernel'), { recursive: true })
  await writeFile(join(hostile, 'kernel/unix.ko'), module('unix'))
  const lines = ['kernel/unix.ko: ../secret.ko', '../secret.ko:', `${secret}:`, 'kernel/../../secret.ko:', '']
  await writeFile(join(hostile, 'modules.dep'), lines.join('\n'))
  assert.equal((await moduleFiles(hostile, ['unix'])).files, [join(hostile, 'kernel/unix.ko')])
  assert.not((await readFile((await modulesArchive(hostile, [])).archive)).includes('secret'))
})

for (const [what, put, message] of [
  ['a text', (path: string) => writeFile(path, 'root:$6$secret:0:0'), 'is no kernel module: it is no ELF file'],
  ['a link to a text', (path: string) => symlink('/etc/passwd', path), 'is no kernel module: it is no ELF file'],
  ['a device', (path: string) => symlink('/dev/zero', path), 'is no regular file; expected a kernel module'],
] as const)
  test(`${what} is no module, whatever its name`, async () => {
    const hostile = await mkdtemp(join(dir, 'hostile-'))
    await put(join(hostile, 'unix.ko'))
    await writeFile(join(hostile, 'modules.dep'), 'unix.ko:\n')
    const error = await modulesArchive(hostile, []).catch((error) => error)
    assert.instance(error, Fault)
    assert.is(error.message, `${join(hostile, 'unix.ko')} ${message}`)
  })

test('a kernel that came without modules lacks all of them', async () => {
  assert.equal((await modulesArchive(null, ['xt_mark'])).missing, ['xt_mark'])
})

test.run()
