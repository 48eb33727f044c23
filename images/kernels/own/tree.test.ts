import { readdirSync, readFileSync, realpathSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Fault } from '../../../lab/model/fault.ts'
import { lay, scratchWithCache } from '../../fixtures/files.ts'
import { kernel } from '../../fixtures/kernel.ts'
import { moduleFiles } from '../../rootfs/modules.ts'
import { configuredFor, isTree, treeModules } from './tree.ts'

const { dir: scratch, end } = scratchWithCache('tree')
test.after(end)
let count = 0
const tree = (files: Record<string, string | Buffer>) => lay(join(scratch, `tree-${++count}`), files)
const silent = (line: string) => assert.unreachable(line)

/** The modules of a tree by their places when installed, with the content that each place leads to. */
async function placed(dir: string, note = silent): Promise<Record<string, string>> {
  const modules = await treeModules(dir, '6.1.0', note)
  const names = readFileSync(join(modules!, 'modules.dep'), 'utf8').split('\n').filter(Boolean)
  const places = names.map((line) => line.split(':')[0]!).sort()
  return Object.fromEntries(places.map((place) => [place, readFileSync(join(modules!, place), 'utf8')]))
}

const BUILT = { 'net/sched/sch_plug.ko': 'plug', 'kernel/configs.ko': 'configs', 'lib/crc7.ko': 'crc7' }
const PLACES = {
  'kernel/kernel/configs.ko': 'configs',
  'kernel/lib/crc7.ko': 'crc7',
  'kernel/net/sched/sch_plug.ko': 'plug',
}

test('reads the list of an old tree, which names installed paths and repeats some', async () => {
  const order = 'kernel/net/sched/sch_plug.ko\nkernel/kernel/configs.ko\nkernel/lib/crc7.ko\nkernel/lib/crc7.ko\n'
  assert.equal(await placed(tree({ ...BUILT, 'modules.order': order })), PLACES)
})

test('reads the list of a newer tree, and of one that lists objects', async () => {
  const order = 'net/sched/sch_plug.ko\nkernel/configs.ko\nlib/crc7.ko\n'
  assert.equal(await placed(tree({ ...BUILT, 'modules.order': order })), PLACES)
  assert.equal(await placed(tree({ ...BUILT, 'modules.order': order.replaceAll('.ko', '.o') })), PLACES)
})

test('reads the lists of the directories where that of the tree is empty', async () => {
  const lists = { 'net/modules.order': 'kernel/net/sched/sch_plug.ko\n', 'lib/modules.order': 'kernel/lib/crc7.ko\n' }
  assert.equal(Object.keys(await placed(tree({ ...BUILT, 'modules.order': '', ...lists }))), [
    'kernel/lib/crc7.ko',
    'kernel/net/sched/sch_plug.ko',
  ])
})

test('knows what is built in', async () => {
  const builtin = { 'modules.builtin': 'kernel/net/sched/sch_prio.ko\n' }
  const modules = await treeModules(tree({ ...BUILT, ...builtin, 'modules.order': 'lib/crc7.ko\n' }), '6.1.0', silent)
  assert.equal((await moduleFiles(modules!, ['sch_prio', 'sch_plug'])).missing, ['sch_plug'])
})

test('writes nothing into the tree', async () => {
  const dir = tree({ ...BUILT, 'modules.order': 'lib/crc7.ko\n' })
  const before = readdirSync(dir, { recursive: true })
  const modules = await treeModules(dir, '6.1.0', silent)
  assert.equal(readdirSync(dir, { recursive: true }), before)
  assert.ok(modules!.startsWith(process.env.XDG_CACHE_HOME!))
  assert.is(realpathSync(join(modules!, 'kernel/lib/crc7.ko')), realpathSync(join(dir, 'lib/crc7.ko')))
})

test('notices a module that was built again', async () => {
  const dir = tree({ ...BUILT, 'modules.order': 'lib/crc7.ko\nnet/sched/sch_plug.ko\n' })
  const first = await treeModules(dir, '6.1.0', silent)
  assert.is(await treeModules(dir, '6.1.0', silent), first)
  const module = join(dir, 'lib/crc7.ko')
  const { atime, mtime } = statSync(module)
  writeFileSync(module, 'crc7, longer')
  utimesSync(module, atime, mtime)
  assert.is.not(await treeModules(dir, '6.1.0', silent), first, 'by its size')
  writeFileSync(module, 'crc8')
  utimesSync(module, atime, new Date(mtime.getTime() + 1000))
  assert.is.not(await treeModules(dir, '6.1.0', silent), first, 'by its time')
})

test('says how many modules are not built, and takes those that are', async () => {
  const dir = tree({ ...BUILT, 'modules.order': 'lib/crc7.ko\nlib/crc8.ko\n' })
  const notes: string[] = []
  assert.equal(Object.keys(await placed(dir, (line) => notes.push(line))), ['kernel/lib/crc7.ko'])
  assert.match(notes[0]!, '1 of 2 modules are not built; make modules')
  rmSync(join(dir, 'lib/crc7.ko'))
  assert.is(await treeModules(dir, '6.1.0', () => {}), null)
})

test('a tree without modules has none', async () => {
  assert.is(await treeModules(tree({ '.config': '' }), '6.1.0', silent), null)
})

for (const line of [
  '../secret.ko',
  '/secret.ko',
  'net/../../secret.ko',
  'kernel/../../secret.o',
  'kernel/../kernel/../../secret.ko',
])
  test(`refuses a list that leads out of the tree: ${line}`, async () => {
    const outside = tree({ 'secret.ko': 'secret' })
    const inner = lay(join(outside, 'tree'), { ...BUILT, 'modules.order': `lib/crc7.ko\n${line}\n` })
    const error = await treeModules(inner, '6.1.0', silent).catch((error) => error)
    assert.instance(error, Fault)
    assert.is(error.exit, 2)
    assert.match(error.message, `modules.order names ${line}, which is outside the tree`)
  })

test('tells a tree from another directory', () => {
  assert.ok(isTree(tree({ Makefile: '', Kbuild: '' })), 'a source tree')
  assert.ok(isTree(tree({ Makefile: '', '.config': '' })), 'the directory of O=')
  assert.ok(isTree(tree({ 'arch/x86/boot/bzImage': kernel('6.1.0') })), 'what was copied out of one')
  assert.not(isTree(tree({ Makefile: '' })))
  assert.not(isTree(tree({ 'boot/vmlinuz-6.1.0': kernel('6.1.0') })))
})

test('reads what a tree is configured for', async () => {
  assert.is(await configuredFor(tree({ '.config': '#\n# Linux/arm64 6.1.0 Kernel Configuration\n#\n' })), 'arm64')
  assert.is(await configuredFor(tree({ '.config': '# Linux kernel version: 2.6.32.9\n' })), null)
  assert.is(await configuredFor(tree({ Makefile: '' })), null)
})

test.run()
