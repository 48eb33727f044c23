import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'

// The check of imports must see what it forbids: each defect is planted in a copy of the code.

const HOME = fileURLToPath(new URL('../..', import.meta.url))
const copy = mkdtempSync(join(tmpdir(), 'hitless-imports-'))

test.before(() => {
  for (const part of ['lab', 'images', 'cases', 'package.json', 'tsconfig.json', '.dependency-cruiser.cjs'])
    cpSync(join(HOME, part), join(copy, part), { recursive: true })
  symlinkSync(join(HOME, 'node_modules'), join(copy, 'node_modules'))
})

test.after(() => rmSync(copy, { recursive: true, force: true }))

const PLANTED: [rule: string, files: Record<string, string>][] = [
  [
    'no-circle',
    { 'lab/plan/planted-1a.ts': "import './planted-1b.ts'\n", 'lab/plan/planted-1b.ts': "import './planted-1a.ts'\n" },
  ],
  [
    'no-circle',
    {
      'lab/plan/planted-2a.ts': "import type { B } from './planted-2b.ts'\nexport type A = B\n",
      'lab/plan/planted-2b.ts': "import type { A } from './planted-2a.ts'\nexport type B = A\n",
    },
  ],
  ['nothing-imports-a-verb', { 'lab/cli/planted-3a.ts': "import '../doctor.ts'\n" }],
  ['nothing-imports-a-test', { 'lab/cli/planted-4a.ts': "import './main.test.ts'\n" }],
  ['model-is-a-leaf', { 'lab/model/planted-5a.ts': "import '../../images/cache/cache.ts'\n" }],
  ['plan-is-pure', { 'lab/plan/planted-6a.ts': "import '../prepare/prepare.ts'\n" }],
  ['measure-is-pure', { 'lab/measure/planted-7a.ts': "import '../guest/guest.ts'\n" }],
  ['render-is-pure', { 'lab/render/planted-8a.ts': "import '../guest/guest.ts'\n" }],
  ['cases-are-data', { 'cases/planted-9a.ts': "import '../images/cache/cache.ts'\n" }],
  ['images-know-no-lab', { 'images/planted-10a.ts': "import '../lab/guest/guest.ts'\n" }],
  ['guest', { 'lab/guest/planted-11a.ts': "import '../prepare/kvm.ts'\n" }],
  ['engine', { 'lab/engine/planted-12a.ts': "import '../prepare/kvm.ts'\n" }],
  ['prepare', { 'lab/prepare/planted-13a.ts': "import '../cli/main.ts'\n" }],
  ['cli', { 'lab/cli/planted-17a.ts': "import '../prepare/kvm.ts'\n" }],
  ['parts-of-verbs', { 'lab/prepare/planted-18a.ts': "import '../run/open/begin.ts'\n" }],
  ['saved', { 'lab/saved/planted-14a.ts': "import '../guest/guest.ts'\n" }],
  ['declared-packages', { 'lab/cli/planted-15a.ts': "import 'no-such-package'\n" }],
  ['no-dev-package-in-the-lab', { 'lab/cli/planted-16a.ts': "import 'typescript'\n" }],
]

const ALLOWED = { 'lab/plan/allowed.ts': "import '../model/cell.ts'\n" }

let said: string

test.before(() => {
  const planted = Object.assign({ ...ALLOWED }, ...PLANTED.map(([, files]) => files))
  for (const [path, text] of Object.entries<string>(planted)) writeFileSync(join(copy, path), text)
  const { stdout, status } = spawnSync('npx', ['depcruise', ...Object.keys(planted)], { cwd: copy, encoding: 'utf8' })
  assert.is.not(status, 0)
  said = stdout
})

for (const [rule, files] of PLANTED)
  test(`caught: ${rule}, by ${Object.keys(files).join(' and ')}`, () => {
    assert.match(said, `error ${rule}: ${Object.keys(files)[0]}`)
  })

test('what is allowed is not reported', () => {
  for (const path of Object.keys(ALLOWED)) assert.not.match(said, path)
})

test.run()
