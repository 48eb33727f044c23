import { copyFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { lay, scratchWithCache } from '../../images/fixtures/files.ts'
import { kernel } from '../../images/fixtures/kernel.ts'
import { testSupply } from '../../images/fixtures/supply.ts'
import { configFragment } from '../../images/kernels/config.ts'
import { obtainKernels } from './kernels.ts'

const { dir, end } = scratchWithCache('kernels')
test.after(end)

const IMAGE = 'arch/x86/boot/bzImage'
const tree = lay(join(dir, 'tree'), {
  [IMAGE]: kernel('6.1.0-mine'),
  Makefile: '',
  '.config': configFragment(),
  'net/sched/sch_plug.ko': 'plug',
  'modules.order': 'net/sched/sch_plug.ko\n',
})
const [link, copy] = [join(dir, 'link'), join(lay(join(dir, 'elsewhere'), { file: '' }), 'vmlinuz')]
symlinkSync(join(tree, IMAGE), link)
copyFileSync(join(tree, IMAGE), copy)

for (const specs of [
  [tree, link, copy],
  [copy, link, tree],
])
  test(`one image given several ways is one kernel, with all that is known of it: ${specs.join()}`, async () => {
    const notes: string[] = []
    const { found } = await obtainKernels(specs, testSupply({ note: (line) => notes.push(line) }))
    assert.is(found.length, 1)
    assert.is(found[0]!.config, join(tree, '.config'))
    assert.match(found[0]!.kernel.modules!, 'lib/modules/6.1.0-mine')
    assert.ok(notes.includes('6.1.0-mine was given 3 times, as the same image: it is one kernel'), notes.join('\n'))
  })

test('two images are two kernels, though they are called alike', async () => {
  const other = lay(join(dir, 'other'), { bzImage: Buffer.concat([kernel('6.1.0-mine'), Buffer.from('x')]) })
  const notes: string[] = []
  const { found } = await obtainKernels([tree, other], testSupply({ note: (line) => notes.push(line) }))
  assert.equal(
    found.map(({ kernel }) => /^6\.1\.0-mine \([0-9a-f]{8}\)$/.test(kernel.name)),
    [true, true],
  )
  assert.not.ok(notes.some((line) => line.includes('was given')))
})

test('where other machines may have others, none need be available', async () => {
  const supply = testSupply({ offline: true })
  const refused = await obtainKernels(['3.9'], supply).catch((error: Error) => error.message)
  assert.type(refused, 'string')
  const { found, skipped } = await obtainKernels(['3.9'], supply, true)
  assert.equal(found, [])
  assert.equal(skipped, [{ kernel: '3.9', case: '*', reason: refused }])
})

test.run()
