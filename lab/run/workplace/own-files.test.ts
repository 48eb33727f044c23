import { realpathSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { lay, scratchWithCache } from '../../../images/fixtures/files.ts'
import { ownFiles, withFullPaths } from './own-files.ts'

const { dir, end } = scratchWithCache('own')
test.after(end)

const at = (path: string) => join(realpathSync(dir), path)
lay(dir, {
  'boot/vmlinuz-6': 'kernel',
  'boot/config-6': 'CONFIG_SMP=y\n',
  'boot/initrd-6': 'none of ours',
  'lib/modules/6/a.ko': 'module',
  'tree/arch/x86/boot/bzImage': 'kernel',
  'tree/net/core.o': 'object',
  'my-case.ts': 'export default {}',
  'mine/case.ts': `import type { CaseFile } from './types.ts'
import 'valibot'
import { rule } from './deeper/rule.ts'
export default { rule } satisfies CaseFile`,
  'mine/types.ts': 'export type CaseFile = object',
  'mine/deeper/rule.ts': `import shared from '../../shared.json' with { type: 'json' }
export const rule = shared.rule`,
  'mine/broken.ts': `import './none-such.ts'`,
  'mine/unrelated.ts': 'export {}',
  'shared.json': '{ "rule": "-j ACCEPT" }',
  haproxy: 'program',
})

const named = (changes: object) => ({ kernels: ['6.1'], cases: ['*'], proxies: null, ...changes })

test('names stay as they are, and need no file', () => {
  const request = named({ cases: ['none,fd-*'], proxies: ['haproxy:2.6', 'nginx'] })
  assert.equal(withFullPaths(request), request)
  assert.equal(ownFiles([request]), [])
})

test('paths become full ones; those of the lab mean its own files wherever it lies', () => {
  const { kernels, cases, proxies } = withFullPaths(
    named({
      kernels: ['6.1', './README.md'],
      cases: ['./cases/none.ts', './lab/e2e/cases/steady.ts', 'none'],
      proxies: ['haproxy:./haproxy', 'nginx:1.22'],
    }),
  )
  assert.equal(kernels, ['6.1', resolve('README.md')])
  assert.equal(cases, ['cases/none.ts', resolve('lab/e2e/cases/steady.ts'), 'none'])
  assert.equal(proxies, [`haproxy:${resolve('haproxy')}`, 'nginx:1.22'])
})

test('a kernel comes with its modules and configuration, and with nothing else of its folder', () => {
  const files = ownFiles([named({ kernels: [at('boot/vmlinuz-6')] })])
  assert.equal(files, [at('boot/config-6'), at('boot/vmlinuz-6'), at('lib/modules')])
  assert.equal(ownFiles([named({ kernels: [at('tree/arch/x86/boot/bzImage')] })]), [
    at('tree'),
    at('tree/arch/x86/boot/bzImage'),
  ])
  assert.equal(ownFiles([named({ kernels: [at('tree')] })]), [at('tree')])
})

test('cases, proxies, a keyring and mirrors that are files, each once', () => {
  const request = named({ cases: [at('my-case.ts')], proxies: [`haproxy:${at('haproxy')}`] })
  const supply = { keyring: at('boot/config-6'), mirror: `file://${at('lib')}`, archive: 'http://a' }
  const files = [at('boot/config-6'), at('haproxy'), at('lib'), at('my-case.ts')]
  assert.equal(ownFiles([request, request], supply), files)
})

test('a case comes with what it imports, however far, and not with what it only takes types of', () => {
  const request = named({ cases: [at('mine/case.ts')] })
  assert.equal(ownFiles([request]), [at('mine/case.ts'), at('mine/deeper/rule.ts'), at('shared.json')])
  assert.equal(ownFiles([named({ cases: [at('mine/broken.ts')] })]), [at('mine/broken.ts')], 'who loads it says why')
})

test.run()
