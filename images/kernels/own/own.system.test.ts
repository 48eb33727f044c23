import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, realpathSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Fault } from '../../../lab/model/fault.ts'
import { lay, scratchWithCache } from '../../fixtures/files.ts'
import { bzImage, elf, ikconfig, kernel, module } from '../../fixtures/kernel.ts'
import { testSupply } from '../../fixtures/supply.ts'
import { moduleFiles } from '../../rootfs/modules.ts'
import { ownKernel as obtainOwn } from './own.ts'

const { dir: scratch, end } = scratchWithCache('own')
test.after(end)
let count = 0
const laid = (files: Record<string, string | Buffer>) => lay(join(scratch, `own-${++count}`), files)
const silent = (line: string) => assert.unreachable(line)
const ownKernel = (path: string, note: (line: string) => void) => obtainOwn(path, testSupply({ note }))

const NAME = '6.1.0-mine'
const IMAGE = 'arch/x86/boot/bzImage'
const CONFIG = 'CONFIG_SMP=y\n'
const PLUG = 'kernel/net/sched/sch_plug.ko'
const INSTALLED = `lib/modules/${NAME}`
const DEP = { [`${INSTALLED}/modules.dep`]: `${PLUG}:\n`, [`${INSTALLED}/${PLUG}`]: 'plug' }

/** The real paths of modules; they lie in the cache, as links. */
async function modulesOf(dir: string | null, names: string[]): Promise<string[]> {
  assert.ok(dir!.startsWith(process.env.XDG_CACHE_HOME!), 'an index that the lab made')
  const { files, missing } = await moduleFiles(dir!, names)
  assert.equal(missing, [])
  return files.map((file) => realpathSync(file))
}

async function refused(path: string): Promise<Fault> {
  try {
    await ownKernel(path, () => {})
  } catch (error) {
    assert.instance(error, Fault)
    assert.is((error as Fault).exit, 2)
    assert.ok((error as Fault).message.startsWith(`--kernel ${path}: `), (error as Fault).message)
    return error as Fault
  }
  throw new Error('it was not refused')
}

test('takes a bzImage, with what lies beside it', async () => {
  const dir = laid({ bzImage: kernel(NAME), config: CONFIG, ...DEP })
  const found = await ownKernel(join(dir, 'bzImage'), silent)
  assert.is(found.name, NAME)
  assert.is(found.series, '6.1')
  assert.is(found.origin, 'yours')
  assert.is(found.debSha256, null)
  assert.is(found.image, join(dir, 'bzImage'))
  assert.is(found.config, join(dir, 'config'))
  assert.equal(await modulesOf(found.modules, ['sch_plug']), [join(dir, INSTALLED, PLUG)])
})

test('takes what make install and make modules_install put below one root, and the root itself', async () => {
  for (const usr of ['', 'usr/']) {
    const dir = laid({
      [`boot/vmlinuz-${NAME}`]: kernel(NAME),
      [`boot/config-${NAME}`]: CONFIG,
      [`${usr}${INSTALLED}/${PLUG}`]: 'plug',
    })
    for (const path of [dir, join(dir, 'boot'), join(dir, `boot/vmlinuz-${NAME}`)]) {
      const found = await ownKernel(path, silent)
      assert.is(found.image, join(dir, `boot/vmlinuz-${NAME}`))
      assert.is(found.config, join(dir, `boot/config-${NAME}`))
      assert.equal(await modulesOf(found.modules, ['sch_plug']), [join(dir, usr, INSTALLED, PLUG)])
    }
  }
})

test('takes a kernel that lies with its modules', async () => {
  const dir = laid({ [`usr/${INSTALLED}/vmlinuz`]: kernel(NAME), [`boot/config-${NAME}`]: CONFIG })
  lay(join(dir, `usr/${INSTALLED}`), { 'modules.dep': '', 'modules.builtin': `${PLUG}\n` })
  for (const path of [dir, join(dir, `usr/${INSTALLED}`)]) {
    const found = await ownKernel(path, silent)
    assert.is(found.image, join(dir, `usr/${INSTALLED}/vmlinuz`))
    assert.equal(await modulesOf(found.modules, ['sch_plug']), [], 'built in')
    assert.is(found.config, join(dir, `boot/config-${NAME}`))
  }
})

test('indexes modules for which depmod never ran, packed ones too, and writes nothing there', async () => {
  const dir = laid({
    [`boot/vmlinuz-${NAME}`]: kernel(NAME),
    [`boot/config-${NAME}`]: CONFIG,
    [`${INSTALLED}/${PLUG}.gz`]: gzipSync(module('plug')),
    [`${INSTALLED}/extra/mine.ko`]: 'mine',
  })
  const before = execFileSync('find', [dir]).toString()
  const { modules } = await ownKernel(dir, silent)
  const { files, missing } = await moduleFiles(modules!, ['sch_plug', 'mine', 'yours'])
  assert.equal(
    files.map((file) => readFileSync(file, 'utf8')),
    [module('plug'), 'mine'],
  )
  assert.equal(missing, ['yours'])
  assert.is(execFileSync('find', [dir]).toString(), before)
})

test('finds the modules that a module needs', async () => {
  const source = (code: string) => {
    const object = join(scratch, 'object.o')
    execFileSync('gcc', ['-c', '-x', 'c', '-o', object, '-'], { input: code })
    return readFileSync(object)
  }
  const exported = '__attribute__((used, section("__ksymtab_strings"))) static const char name[] = "the_symbol";'
  const dir = laid({
    [IMAGE]: kernel(NAME),
    '.config': CONFIG,
    'net/a_user.ko': source('int the_symbol(void); int use(void) { return the_symbol(); }'),
    'net/the_owner.ko': source(`int the_symbol(void) { return 1; } ${exported}`),
    'modules.order': 'net/a_user.o\nnet/the_owner.o\n',
  })
  const { modules } = await ownKernel(dir, silent)
  const { files } = await moduleFiles(modules!, ['a_user'])
  assert.equal(
    files.map((file) => file.split('/').at(-1)),
    ['the_owner.ko', 'a_user.ko'],
  )
})

test('takes a built tree, by its directory and by its image', async () => {
  const dir = laid({
    [IMAGE]: kernel(NAME),
    '.config': CONFIG,
    Makefile: '',
    'net/sched/sch_plug.ko': 'plug',
    'modules.order': 'net/sched/sch_plug.ko\n',
  })
  mkdirSync(join(dir, 'arch/x86_64/boot'), { recursive: true })
  symlinkSync('../../x86/boot/bzImage', join(dir, 'arch/x86_64/boot/bzImage'))
  for (const path of [dir, join(dir, IMAGE), join(dir, 'arch/x86_64/boot/bzImage'), dirname(join(dir, IMAGE))]) {
    const found = await ownKernel(path, silent)
    assert.is(found.image, join(dir, IMAGE))
    assert.is(found.config, join(dir, '.config'))
    assert.equal((await moduleFiles(found.modules!, ['sch_plug'])).missing, [])
  }
})

test('a tree without modules is noted where its configuration builds some', async () => {
  const files = { [IMAGE]: kernel(NAME), Makefile: '' }
  assert.is((await ownKernel(laid({ ...files, '.config': 'CONFIG_NET_SCH_PLUG=y\n' }), silent)).modules, null)
  const notes: string[] = []
  const config = '# Linux/x86 6.1.0 Kernel Configuration\nCONFIG_NET_SCH_PLUG=m\n'
  await ownKernel(laid({ ...files, '.config': config }), (line) => notes.push(line))
  assert.equal(notes, [`${NAME} came without its modules (sch_plug): cases that need them will be skipped`])
})

test('takes the configuration from the image where none lies beside it', async () => {
  const image = bzImage(gzipSync(Buffer.concat([elf(), ikconfig(CONFIG)])), { banner: NAME })
  const { config } = await ownKernel(join(laid({ bzImage: image }), 'bzImage'), silent)
  assert.is(readFileSync(config!, 'utf8'), CONFIG)
})

const header = (version: string) =>
  `#\n# Automatically generated file; DO NOT EDIT.\n# Linux/x86 ${version} Kernel Configuration\n`

test('does not use a configuration of another version, and says so', async () => {
  for (const [name, version] of [
    ['6.1.55-mine', '6.6.3'],
    ['6.1.55-mine', '6.1.20'],
    ['6.1.0-mine', '6.10.0'],
    ['2.6.32.9', '2.6.39'],
  ] as const)
    for (const files of [
      { bzImage: kernel(name), config: header(version) },
      { [IMAGE]: kernel(name), Makefile: '', '.config': header(version) },
    ] as Record<string, string | Buffer>[]) {
      const dir = laid(files)
      const notes: string[] = []
      const { config } = await ownKernel(dir, (line) => notes.push(line))
      assert.is(config, null)
      assert.match(notes[0]!, `is not used: it is of Linux ${version}, and ${name} is of another`)
    }
})

test('uses a configuration of the same version, as far as a name tells it', async () => {
  for (const [banner, version] of [
    ['6.1.55-mine', '6.1.55'],
    ['6.1.0-mine', '6.1.0'],
    // Names of distributions have .0 for every patch level; Debian says the version elsewhere.
    ['5.15.0-91-generic', '5.15.131'],
    ['6.1.0-56-cloud-amd64 (someone) #1 SMP Debian 6.1.192-2 (2026-11-16)', '6.1.192'],
    ['3.9-1-amd64 (someone) #1 SMP Debian 3.9.6-1', '3.9.6'],
    ['7.3-rc7+deb14-amd64 (someone) #1 SMP Debian 7.3~rc7-1~exp1', '7.3.0-rc7'],
    ['2.6.32-5-amd64 (someone) #1 SMP Debian 2.6.32-48squeeze20', '2.6.32.60'],
  ] as const) {
    const image = bzImage(gzipSync(elf()), { banner })
    const dir = laid({ bzImage: image, config: header(version) })
    assert.is((await ownKernel(dir, () => {})).config, join(dir, 'config'), banner)
  }
})

test('takes the next configuration that fits, beside the image or in it', async () => {
  const files = {
    [IMAGE]: kernel(NAME),
    '.config': header('5.4.3'),
    [`${dirname(IMAGE)}/config-${NAME}`]: header('6.1.4'),
  }
  const dir = laid(files)
  assert.is((await ownKernel(dir, () => {})).config, join(dir, dirname(IMAGE), `config-${NAME}`))
  const image = bzImage(gzipSync(Buffer.concat([elf(), ikconfig(CONFIG)])), { banner: NAME })
  const { config } = await ownKernel(laid({ bzImage: image, config: header('5.4.3') }), () => {})
  assert.is(readFileSync(config!, 'utf8'), CONFIG)
})

test('a directory called config is no configuration', async () => {
  const dir = laid({ bzImage: kernel(NAME), 'config/other': '' })
  assert.is((await ownKernel(dir, () => {})).config, null)
})

test('takes a kernel of which nothing else is known', async () => {
  const notes: string[] = []
  const image = join(laid({ vmlinuz: kernel(NAME) }), 'vmlinuz')
  const { modules, config } = await ownKernel(image, (line) => notes.push(line))
  assert.equal({ modules, config }, { modules: null, config: null })
  assert.match(notes.join(), `${NAME} came without modules and configuration`)
})

test('takes a .deb, and a directory of them', async () => {
  const root = laid({
    [`boot/vmlinuz-${NAME}`]: kernel(NAME),
    'DEBIAN/control': `Package: linux-image-${NAME}\nVersion: 1\nArchitecture: amd64\nMaintainer: x\nDescription: x\n`,
  })
  const dir = laid({ 'linux-headers-6.1.0_1_amd64.deb': 'not looked into' })
  execFileSync('dpkg-deb', ['--build', root, join(dir, `linux-image-${NAME}_1_amd64.deb`)], { stdio: 'ignore' })
  for (const path of [dir, join(dir, `linux-image-${NAME}_1_amd64.deb`)]) {
    const found = await ownKernel(path, () => {})
    assert.is(found.name, NAME)
    assert.is(found.origin, 'yours')
    assert.match(found.debSha256!, /^[0-9a-f]{64}$/)
  }
})

test('one kernel under several names is one', async () => {
  const dir = laid({ [`vmlinuz-${NAME}`]: kernel(NAME), 'vmlinuz-0-rescue': kernel(NAME), [`config-${NAME}`]: CONFIG })
  symlinkSync(`vmlinuz-${NAME}`, join(dir, 'vmlinuz'))
  assert.is((await ownKernel(dir, silent)).name, NAME)
})

test('refuses a kernel whose name is no version: it would become part of paths', async () => {
  for (const name of ['../../../outside', '..', '', '-b', '6.1.0/../../..', '6.1.0\n', `6.1.0-${'x'.repeat(90)}`]) {
    const image = bzImage(gzipSync(Buffer.concat([elf(), ikconfig(CONFIG)])), { banner: `${name} (someone)` })
    const { message } = await refused(join(laid({ bzImage: image }), 'bzImage'))
    assert.match(message, 'the kernel calls itself "')
    assert.match(message, 'expected a version such as 6.1.0-56')
  }
  assert.not(existsSync(join(scratch, 'outside')))
})

test('takes the names that kernels have', async () => {
  const names = [
    '2.6.32-5-amd64',
    '6.12.117+deb13-cloud-amd64',
    '6.6.0-rc1-next-20231010',
    '5.14.0-362.el9.x86_64+debug',
  ]
  for (const name of [...names, '6.1.0+', '6.6.1_1', '7.3-rc7+deb14-amd64'])
    assert.is((await ownKernel(join(laid({ bzImage: kernel(name) }), 'bzImage'), () => {})).name, name)
})

test('refuses several kernels, and names them', async () => {
  const dir = laid({ 'boot/vmlinuz-6.1.0': kernel('6.1.0'), 'boot/vmlinuz-6.2.0': kernel('6.2.0') })
  const { message, hint } = await refused(dir)
  assert.match(message, 'holds several kernels: boot/vmlinuz-6.1.0, boot/vmlinuz-6.2.0; expected one')
  assert.is(hint, `--kernel ${join(dir, 'boot/vmlinuz-6.1.0')}`)
})

test('refuses a tree that is not built, and says what to type', async () => {
  const dir = laid({ Makefile: '', Kbuild: '', '.config': '# Linux/x86 6.1.0 Kernel Configuration\n' })
  const { message, hint } = await refused(dir)
  assert.match(message, 'is a kernel tree that is not built: it has no arch/x86/boot/bzImage')
  assert.match(hint!, `make -C ${dir} bzImage modules`)
})

test('refuses a tree of another architecture, and one whose image is cut short', async () => {
  const arm = laid({ Makefile: '', Kbuild: '', '.config': '# Linux/arm64 6.1.0 Kernel Configuration\n' })
  assert.match((await refused(arm)).message, 'is a kernel tree configured for arm64; expected x86-64')
  const cut = laid({ [IMAGE]: kernel(NAME).subarray(0, 1030) })
  assert.match((await refused(cut)).message, 'its arch/x86/boot/bzImage is a kernel image, but cut short')
})

test('refuses a kernel of another architecture', async () => {
  const narrow = bzImage(gzipSync(elf()), { banner: NAME, bits: 32 })
  assert.match((await refused(join(laid({ bzImage: narrow }), 'bzImage'))).message, 'is a kernel for 32-bit x86')
  const arm = Buffer.alloc(4096)
  arm.write('ARM\x64', 0x38)
  const dir = laid({ 'boot/vmlinuz-6.1.0': arm })
  assert.match((await refused(dir)).message, 'its boot/vmlinuz-6.1.0 is a kernel for 64-bit ARM; expected a bzImage')
})

test('refuses what is no kernel, and says what it is', async () => {
  const dir = laid({ text: 'text\n', 'linux.deb': '!<arch>\ndebian-binary   but not whole' })
  assert.match((await refused(join(dir, 'missing'))).message, 'no such file or directory; expected a bzImage')
  assert.match((await refused(join(dir, 'text'))).message, 'is a text file; expected a bzImage, a .deb, or a directory')
  assert.match((await refused(join(dir, 'linux.deb'))).message, 'linux.deb cannot be unpacked')
  assert.match((await refused(laid({ 'a file': '' }))).message, 'holds no kernel; expected a bzImage')
  assert.match((await refused('/dev/null')).message, 'is neither a file nor a directory')
})

test.run()
