import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Fault } from '../../../lab/model/fault.ts'
import { fileSha256 } from '../../cache/cache.ts'
import { lay, scratchWithCache } from '../../fixtures/files.ts'
import { kernel } from '../../fixtures/kernel.ts'
import { testSupply } from '../../fixtures/supply.ts'
import { debsIn, unpackDebs } from './debs.ts'

const { dir: scratch, end } = scratchWithCache('debs')
test.after(end)
let count = 0

const MODULES = 'lib/modules/6.1.0-1'
const PARTS = {
  'boot/vmlinuz-6.1.0-1': kernel('6.1.0-1'),
  'boot/config-6.1.0-1': 'CONFIG_SMP=y\n',
  [`${MODULES}/kernel/net/sched/sch_plug.ko`]: 'plug',
  [`${MODULES}/kernel/drivers/gpu/large.ko`]: 'large',
}

/** Builds a package in a directory of its own; `control` adds fields to its description, `links` lead anywhere, `make` adds what is no file. */
function deb(
  name: string,
  files: Record<string, string | Buffer>,
  { control = '', format = 'xz', links = {} as Record<string, string>, make = (_root: string) => {} } = {},
) {
  const root = join(scratch, `root-${++count}`)
  for (const [path, target] of Object.entries(links)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    symlinkSync(target, join(root, path))
  }
  const fields = `Package: ${name}\nVersion: 1\nArchitecture: amd64\nMaintainer: nobody\nDescription: none\n${control}`
  lay(root, { ...files, 'DEBIAN/control': fields })
  make(root)
  const path = join(scratch, `out-${count}`, `${name}_1_amd64.deb`)
  mkdirSync(dirname(path))
  execFileSync('dpkg-deb', [`-Z${format}`, '--root-owner-group', '--build', root, path], { stdio: 'ignore' })
  return path
}

const unpack = (...debs: string[]) => unpackDebs(debs, 'SPEC', testSupply())

async function refused(...debs: string[]): Promise<Fault> {
  try {
    await unpack(...debs)
  } catch (error) {
    assert.instance(error, Fault)
    assert.is((error as Fault).exit, 2)
    assert.match((error as Fault).message, /^--kernel SPEC: /)
    const kernels = join(process.env.XDG_CACHE_HOME!, 'hitless/kernels')
    const left = readdirSync(kernels).filter(
      (entry) => entry.startsWith('.tmp') || debs.some((deb) => entry.startsWith(basename(deb, '.deb'))),
    )
    assert.equal(left, [], 'nothing is left in the cache')
    return error as Fault
  }
  throw new Error('it was not refused')
}

for (const format of ['xz', 'gzip', 'zstd'])
  test(`takes kernel, configuration and modules from a package packed with ${format}`, async () => {
    const package_ = deb(`linux-image-${format}`, PARTS, { format })
    const { image, config, modules, debSha256 } = await unpack(package_)
    assert.equal(readFileSync(image), PARTS['boot/vmlinuz-6.1.0-1'])
    assert.is(readFileSync(config!, 'utf8'), 'CONFIG_SMP=y\n')
    assert.is(readFileSync(join(modules!, 'modules.dep'), 'utf8'), 'kernel/net/sched/sch_plug.ko:\n')
    assert.not(existsSync(join(modules!, 'kernel/drivers/gpu')), 'a guest has no such devices')
    assert.is(debSha256, await fileSha256(package_))
  })

test('puts the parts of a split kernel together', async () => {
  const usr = 'usr/lib/modules/6.1.0-1'
  const base = deb('linux-base-6.1.0-1', { [`${usr}/config`]: 'CONFIG_SMP=y\n' })
  const binary = deb('linux-binary-6.1.0-1', { [`${usr}/vmlinuz`]: kernel('6.1.0-1') })
  const meta = deb('linux-image-6.1.0-1', {}, { control: 'Depends: linux-binary-6.1.0-1 (= 1)\n' })
  const files = deb('linux-modules-6.1.0-1', { [`${usr}/kernel/net/sched/sch_plug.ko`]: 'plug' })
  const { image, config, modules, debSha256 } = await unpack(base, binary, meta, files)
  assert.equal(readFileSync(image), kernel('6.1.0-1'))
  assert.is(readFileSync(config!, 'utf8'), 'CONFIG_SMP=y\n')
  assert.is(readFileSync(join(modules!, 'modules.dep'), 'utf8'), 'kernel/net/sched/sch_plug.ko:\n')
  assert.is(debSha256, await fileSha256(binary), 'the package that the image came in')
})

test('a package may hold the kernel alone', async () => {
  const { config, modules } = await unpack(deb('linux-image-bare', { 'boot/vmlinuz-6.1.0-1': kernel('6.1.0-1') }))
  assert.equal({ config, modules }, { config: null, modules: null })
})

test('a package that was built again under the same name is unpacked again', async () => {
  const first = await unpack(deb('linux-image-again', { 'boot/vmlinuz-6.1.0-1': kernel('6.1.0-1') }))
  const second = await unpack(deb('linux-image-again', { 'boot/vmlinuz-6.1.0-2': kernel('6.1.0-2') }))
  assert.is.not(first.image, second.image)
  assert.equal(readFileSync(second.image), kernel('6.1.0-2'))
})

test('refuses a package without a kernel, and names the one that a metapackage stands for', async () => {
  assert.match((await refused(deb('linux-doc', { 'usr/share/doc/x': '' }))).message, 'the package holds no kernel')
  const meta = deb('linux-image-meta', {}, { control: 'Depends: linux-binary-7.1.0 (= 1), linux-modules-7.1.0\n' })
  const { message, hint } = await refused(meta)
  assert.match(message, /the kernel is in linux-binary-7\.1\.0$/)
  assert.match(hint!, 'a directory with all its packages')
})

test('refuses several kernels, and names their packages', async () => {
  const one = deb('linux-image-one', { 'boot/vmlinuz-6.1.0-1': kernel('6.1.0-1') })
  const two = deb('linux-image-two', { 'boot/vmlinuz-6.1.0-2': kernel('6.1.0-2') })
  const { message, hint } = await refused(one, two)
  assert.match(message, 'several kernels: linux-image-one_1_amd64.deb, linux-image-two_1_amd64.deb')
  assert.match(hint!, one)
})

test('refuses a kernel of another architecture', async () => {
  const arm = Buffer.alloc(4096)
  arm.write('ARM\x64', 0x38)
  const { message } = await refused(deb('linux-image-arm64', { 'boot/vmlinuz-6.1.0-arm64': arm }))
  assert.match(message, 'the image in linux-image-arm64_1_amd64.deb is a kernel for 64-bit ARM; expected x86-64')
})

test('refuses a damaged package', async () => {
  const whole = readFileSync(deb('linux-image-cut', PARTS))
  const dir = lay(join(scratch, 'damaged'), { 'linux-image-cut.deb': whole.subarray(0, whole.length - 100) })
  const { message } = await refused(join(dir, 'linux-image-cut.deb'))
  assert.match(message, 'linux-image-cut.deb cannot be unpacked: ')
})

/** What a host has of a kernel, in a directory that stands for /. */
const host = () => lay(join(scratch, `host-${++count}`), { ...PARTS, [`${MODULES}/modules.dep`]: '' })
const image = { 'boot/vmlinuz-6.1.0-1': kernel('6.1.0-1') }

for (const [what, files, link] of [
  ['/boot', {}, 'boot'],
  ['the image', {}, 'boot/vmlinuz-6.1.0-1'],
  ['the configuration', image, 'boot/config-6.1.0-1'],
  ['/lib', image, 'lib'],
  ['the modules', image, MODULES],
  ['a directory of modules', { ...image, [`${MODULES}/modules.order`]: '' }, `${MODULES}/kernel/net`],
] as const)
  test(`refuses a package in which ${what} is a link to the host's own, which stays as it is`, async () => {
    const theirs = host()
    const before = execFileSync('find', [theirs]).toString()
    const package_ = deb(`linux-image-link-${++count}`, files, { links: { [link]: join(theirs, link) } })
    assert.match((await refused(package_)).message, 'is a link that leads out of the package')
    assert.is(execFileSync('find', [theirs]).toString(), before)
  })

test('a link in one package does not misplace the files of another', async () => {
  const theirs = host()
  const before = execFileSync('find', [theirs]).toString()
  const first = deb('linux-a', {}, { links: { boot: join(theirs, 'boot') } })
  await refused(first, deb('linux-b', { 'boot/vmlinuz-6.1.0-2': kernel('6.1.0-2'), 'boot/evil': '' }))
  assert.is(execFileSync('find', [theirs]).toString(), before)
})

test('links that stay inside are followed, those to a source tree are ignored', async () => {
  const usr = `usr/${MODULES}`
  const files = { [`${usr}/vmlinuz`]: kernel('6.1.0-1'), [`${usr}/kernel/net/sched/sch_plug.ko`]: 'plug' }
  const links = { lib: 'usr/lib', [`${usr}/build`]: '/usr/src/linux', 'boot/vmlinuz-6.1.0-1': `../${usr}/vmlinuz` }
  const { image, modules } = await unpack(deb('linux-image-linked', files, { links }))
  assert.equal(readFileSync(image), kernel('6.1.0-1'))
  assert.ok(existsSync(join(modules!, 'kernel/net/sched/sch_plug.ko')))
})

const config = 'boot/config-6.1.0-1'

test('refuses a package in which a part is a FIFO, which nobody would ever write to', async () => {
  const make = (root: string) => execFileSync('mkfifo', [join(root, config)])
  assert.match((await refused(deb('linux-image-fifo', image, { make }))).message, `its ${config} is no regular file`)
  const instead = (root: string) => execFileSync('mkfifo', [join(root, 'boot/vmlinuz-6.1.0-1')])
  const other = deb('linux-image-fifo-image', { 'boot/other': '' }, { make: instead })
  assert.match((await refused(other)).message, 'the image in linux-image-fifo-image_1_amd64.deb is no regular file')
})

const asRoot = process.getuid!() === 0 ? test : test.skip
asRoot('root does not unpack: a package gets no device made, and no program of root', async () => {
  const make = (root: string) => execFileSync('mknod', [join(root, config), 'c', '1', '5'])
  const { message } = await refused(deb('linux-image-device', image, { make }))
  assert.match(message, 'cannot be unpacked: ')
  assert.match(message, 'Operation not permitted')
  const setuid = (root: string) => chmodSync(join(root, config), 0o4755)
  const taken = await unpack(deb('linux-image-setuid', { ...image, [config]: '' }, { make: setuid }))
  assert.is(statSync(taken.config!).mode & 0o7777, 0o644)
})

test('takes files and folders that a package lets nobody read', async () => {
  const make = (root: string) => execFileSync('chmod', ['-R', 'a-rwx', join(root, 'boot')])
  const package_ = deb('linux-image-closed', { ...image, [config]: 'CONFIG_SMP=y\n' }, { make })
  assert.is(readFileSync((await unpack(package_)).config!, 'utf8'), 'CONFIG_SMP=y\n')
})

test('a kernel whose name leads out of the cache is refused', async () => {
  const { message } = await refused(deb('linux-image-name', { 'boot/vmlinuz-x': kernel('../../../out') }))
  assert.match(message, 'the kernel calls itself "../../../out"; expected a version')
})

test('ignores packages in a directory that hold no part of a kernel', async () => {
  const parts = ['linux-binary-7.1.0_1_amd64.deb', 'linux-image-7.1.0_1_amd64.deb', 'proxmox-kernel-6.8_1_amd64.deb']
  const others = [
    ...['linux-headers-7.1.0_1_amd64.deb', 'linux-libc-dev_1_amd64.deb', 'linux-image-7.1.0-dbg_1_amd64.deb'],
    ...['linux-image-7.1.0-dbgsym_1_amd64.deb', 'bash_1_amd64.deb', 'linux-image-7.1.0_1_amd64.changes'],
  ]
  const dir = lay(join(scratch, 'many'), Object.fromEntries([...parts, ...others].map((name) => [name, ''])))
  assert.equal(
    (await debsIn(dir)).map((path) => basename(path)),
    parts,
  )
})

test.run()
