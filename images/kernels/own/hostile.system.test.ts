import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Fault } from '../../../lab/model/fault.ts'
import { lay, scratchWithCache } from '../../fixtures/files.ts'
import { bzImage, elf, kernel, module } from '../../fixtures/kernel.ts'
import { testSupply } from '../../fixtures/supply.ts'
import { ownKernel } from './own.ts'

// Folders and trees of somebody who wants at what root may read, or wants root to wait for ever. What they are after is
// made by the tests; packages that do the same are in debs.system.test.ts.

const { dir: scratch, end } = scratchWithCache('hostile')
test.after(end)
let count = 0
const laid = (files: Record<string, string | Buffer>) => lay(join(scratch, `own-${++count}`), files)

const NAME = '6.1.0-theirs'
const IMAGE = 'arch/x86/boot/bzImage'
const SECRET = 'root:$6$a-secret:19000:0:99999:7:::\n'
const secret = join(laid({ secret: SECRET, 'secret.ko': SECRET }), 'secret')

/** Everything that the lab keeps of what it was given. */
const cached = () => execFileSync('cat', ['/dev/null', ...files(process.env.XDG_CACHE_HOME!)]).toString()
const files = (dir: string) => execFileSync('find', [dir, '-type', 'f']).toString().split('\n').filter(Boolean)

async function take(path: string) {
  const notes: string[] = []
  const found = await ownKernel(path, testSupply({ note: (line) => notes.push(line) }))
  assert.not.match(cached(), 'a-secret')
  return { ...found, notes }
}

async function refused(path: string): Promise<Fault> {
  const error = await take(path).catch((error) => error)
  assert.instance(error, Fault)
  assert.is(error.exit, 2)
  return error
}

/** Puts something that is no file in a folder. */
const ODD: Record<string, (path: string) => void> = {
  'a FIFO': (path) => execFileSync('mkfifo', [path]),
  'a link to an endless device': (path) => symlinkSync('/dev/zero', path),
}
for (const [what, put] of Object.entries(ODD)) {
  test(`${what} is no image: it is not read`, async () => {
    const dir = laid({ 'boot/other': '' })
    put(join(dir, `boot/vmlinuz-${NAME}`))
    assert.match((await refused(dir)).message, 'is no regular file')
  })

  test(`${what} is no configuration, no list and no module: none is read`, async () => {
    const dir = laid({ [`boot/vmlinuz-${NAME}`]: kernel(NAME), [`lib/modules/${NAME}/kernel/net/a.ko`]: module('a') })
    put(join(dir, `boot/config-${NAME}`))
    put(join(dir, `lib/modules/${NAME}/modules.builtin`))
    put(join(dir, `lib/modules/${NAME}/kernel/net/unix.ko`))
    const { config, modules } = await take(dir)
    assert.is(config, null)
    assert.is(readFileSync(join(modules!, 'modules.dep'), 'utf8'), 'kernel/net/a.ko:\n')
    const tree = laid({ [IMAGE]: kernel(NAME), Makefile: '' })
    for (const name of ['.config', 'modules.order']) put(join(tree, name))
    assert.is((await take(tree)).config, null)
    rmSync(join(tree, 'modules.order'))
    put(join(lay(tree, { 'modules.order': 'net/unix.ko\n', 'net/Kconfig': '' }), 'net/unix.ko'))
    assert.match((await refused(tree)).message, /unix\.ko is (no regular file|a link that leads out of the tree)/)
  })
}

test('a link to a secret is no configuration, wherever it lies', async () => {
  for (const [place, image] of [
    ['config', 'bzImage'],
    [`boot/config-${NAME}`, `boot/vmlinuz-${NAME}`],
    ['.config', IMAGE],
  ] as const) {
    const dir = laid({ [image]: kernel(NAME), Makefile: '' })
    symlinkSync(secret, join(dir, place))
    const { config, notes } = await take(dir)
    assert.is(config, null)
    assert.match(notes.join('\n'), `${join(dir, place)} is not used: it is no configuration of a kernel`)
  }
})

test('a link to a secret is no list of what is built in', async () => {
  const dir = laid({ [`boot/vmlinuz-${NAME}`]: kernel(NAME), [`lib/modules/${NAME}/kernel/net/a.ko`]: module('a') })
  symlinkSync(secret, join(dir, `lib/modules/${NAME}/modules.builtin`))
  assert.ok((await take(dir)).modules)
  const tree = laid({ [IMAGE]: kernel(NAME), Makefile: '', 'net/a.ko': module('a'), 'modules.order': 'net/a.ko\n' })
  symlinkSync(secret, join(tree, 'modules.builtin'))
  assert.ok((await take(tree)).modules)
})

for (const [what, link, target] of [
  ['a module', 'net/unix.ko', `${secret}.ko`],
  ['a directory', 'net', dirname(secret)],
] as const)
  test(`${what} of a tree that is a link out of it is refused`, async () => {
    const order = link === 'net' ? 'net/secret.ko\n' : 'net/unix.ko\n'
    const tree = laid({ [IMAGE]: kernel(NAME), Makefile: '', 'modules.order': order })
    mkdirSync(dirname(join(tree, link)), { recursive: true })
    symlinkSync(target, join(tree, link))
    assert.match((await refused(tree)).message, 'is a link that leads out of the tree')
  })

test('modules of a directory are indexed anew: its own list may name anything', async () => {
  const lines = `kernel/net/unix.ko: ../../../../../${secret}.ko\n../../../../../${secret}.ko:\n`
  const dir = laid({
    [`boot/vmlinuz-${NAME}`]: kernel(NAME),
    [`lib/modules/${NAME}/modules.dep`]: lines,
    [`lib/modules/${NAME}/kernel/net/unix.ko`]: module('unix'),
  })
  const { modules } = await take(dir)
  assert.is(readFileSync(join(modules!, 'modules.dep'), 'utf8'), 'kernel/net/unix.ko:\n')
})

test('an image that is a link out of its directory is refused, and named by where it is', async () => {
  const real = join(laid({ bzImage: kernel(NAME) }), 'bzImage')
  const dir = laid({ other: '' })
  symlinkSync(real, join(dir, 'bzImage'))
  const { message, hint } = await refused(dir)
  assert.match(message, `is a link that leads out of ${dir}`)
  assert.is(hint, `--kernel ${real}`)
  assert.is((await take(real)).name, NAME)
})

test('a version of Debian that is none is not taken over', async () => {
  const image = bzImage(gzipSync(elf()), { banner: `${NAME} (someone) #1 SMP Debian 6.1\x1b]52;c;x\x07` })
  assert.is((await take(join(laid({ bzImage: image }), 'bzImage'))).version, null)
})

test.run()
