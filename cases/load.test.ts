import { copyFileSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { builtinCases, filesOfCases, NoCase, selectCases, variantCases } from './load.ts'

const scratch = mkdtempSync(join(tmpdir(), 'hitless-test-'))
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }))

const BODY = "title: 'x', idea: 'x', source: 'x', expects: [{ resets: 'none', because: 'x' }], drawbacks: []"
let files = 0
function own(name: string, body = BODY): string {
  const path = join(scratch, `own-${++files}.ts`)
  writeFileSync(path, `export default { name: '${name}', ${body} }\n`)
  return path
}
const names = async (...patterns: string[]) => (await selectCases(patterns)).map(({ name }) => name)

async function mistakes(...patterns: string[]): Promise<string[]> {
  try {
    await selectCases(patterns)
  } catch (error) {
    assert.instance(error, NoCase)
    return (error as NoCase).mistakes
  }
  throw new Error('no mistake')
}

test('no two cases of the lab have the same name', async () => {
  const variants = await variantCases()
  assert.ok(variants.length > 5)
  const all = [...(await builtinCases()), ...variants].map(({ name }) => name)
  assert.equal(
    all.filter((name, i) => all.indexOf(name) < i),
    [],
  )
})

test('a case has no text that acts on a terminal', async () => {
  const file = own('acts', BODY.replace("idea: 'x'", "idea: 'x\\u001b]52;c;eA==\\u0007'"))
  assert.equal(await mistakes(file), [`--case ${file} is no case: idea: the control character \\u001b: expected text`])
})

test('a variant runs if it is named, or if a glob stands for nothing else; all that there is has none', async () => {
  assert.equal(await names('shards', 'none'), ['none', 'shards'])
  assert.equal(await names('shards*'), ['shards', 'shards-kept', 'shards-migration'])
  assert.equal(
    await names('*'),
    (await builtinCases()).map(({ name }) => name),
  )
  assert.equal(await names('tcp-m*'), ['tcp-migrate-req'])
})

test("names, globs, lists and a user's own, each once", async () => {
  assert.equal(await names('ebpf,none', 'no*'), ['none', 'ebpf', 'no-reload'])
  assert.equal(await names(own('my-own'), 'none'), ['none', 'my-own'])
  const path = own('my-own')
  const link = join(scratch, 'link.ts')
  symlinkSync(path, link)
  assert.equal(await names(path, `${scratch}/./${path.split('/').at(-1)}`, link), ['my-own'])
})

test('a case of the lab by its path is that case', async () => {
  assert.equal(await names('./cases/ebpf.ts', 'none'), ['none', 'ebpf'])
})

test('a case that is named like one of the lab is refused, whether that runs or not', async () => {
  const path = own('syn-block')
  for (const patterns of [[path], [path, 'none'], [path, 'syn-block']]) {
    const [mistake, ...others] = await mistakes(...patterns)
    assert.equal(others, [])
    assert.match(mistake!, `--case ${path}: its name is "syn-block", and a case of the lab is called so`)
  }
})

test('two of one name are refused', async () => {
  const [one, other] = [own('same'), own('same')]
  assert.match(
    (await mistakes(one, other)).join('\n'),
    `--case ${other}: its name is "same", and so is the one in ${one}`,
  )
  const copy = join(scratch, 'copy.ts')
  copyFileSync(one, copy)
  assert.is((await mistakes(one, copy)).length, 1)
})

test('a case on veth needs veth, and names what it is compared with', async () => {
  const facts =
    "title: 'x', idea: 'x', source: 'x', network: 'veth', expects: [{ resets: 'some', because: 'x' }], drawbacks: []"
  assert.match((await mistakes(own('lonely', facts))).join(), "expected a case on veth, as against: 'none-veth'")
  const [apart] = await selectCases([own('apart', `${facts}, against: 'none-veth'`)])
  assert.equal(apart!.needs?.features, ['veth'])
})

test('a pattern is no regular expression', async () => {
  for (const pattern of ['(', '[', '\\', 'none|ebpf', '.*'])
    assert.match((await mistakes(pattern))[0]!, `--case ${pattern}: no such case`)
})

test('what is near is proposed, with the command that lists all', async () => {
  assert.equal(await mistakes('syn-blok'), [
    '--case syn-blok: no such case (did you mean syn-block?); expected one of npx tsx lab/list.ts cases, or a file of your own, such as ./my-case.ts',
  ])
})

test('all mistakes at once, those of a file by its fields', async () => {
  const broken = own(
    'No Case',
    "title: 5, frobnicate: 1, source: 'x', expects: [{ resets: 'few', becuase: 'x' }], drawbacks: []",
  )
  const found = await mistakes(broken, 'apache', './gone.ts', `${scratch}/`)
  assert.is(found.length, 10)
  const has = (what: string) =>
    assert.ok(
      found.some((mistake) => mistake.includes(what)),
      `${what} in ${found.join('\n')}`,
    )
  has(`--case ${broken} is no case: name "No Case": expected lower-case words joined by dashes`)
  has('is no case: title 5: expected text, not empty')
  has('is no case: idea is missing: expected text, not empty')
  has('is no case: frobnicate: unknown field; its fields: name, title')
  has('is no case: expects.0.resets "few": expected none, some, fewer or more')
  has('is no case: expects.0.because is missing')
  has('is no case: expects.0.becuase: unknown field (did you mean because?)')
  has('--case apache: no such case; expected one of npx tsx lab/list.ts cases')
  has('--case ./gone.ts: no such file')
  has(`--case ${scratch}/ is not a file`)
  assert.not.match(found.join('\n'), /Invalid|received|never/)
})

test('a file that cannot be loaded, or has nothing to offer', async () => {
  const path = join(scratch, 'broken.ts')
  writeFileSync(path, 'export default { name: ')
  assert.match((await mistakes(path))[0]!, `--case ${path} cannot be loaded: `)
  writeFileSync(join(scratch, 'throws.ts'), 'throw 5')
  assert.match((await mistakes(join(scratch, 'throws.ts')))[0]!, 'cannot be loaded: 5')
  writeFileSync(join(scratch, 'nothing.ts'), 'export const a = 1')
  assert.match((await mistakes(join(scratch, 'nothing.ts')))[0]!, 'has no default export')
})

test('the files that cases are in', async () => {
  const path = own('my-own')
  const found = await filesOfCases(['none', path])
  assert.equal(Object.keys(found), ['none', 'my-own'])
  assert.is(found['my-own'], path)
  assert.match(found.none!, /cases\/none\.ts$/)
})

test.run()
