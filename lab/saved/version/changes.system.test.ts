import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import tar from 'tar-fs'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { testSupply } from '../../../images/fixtures/supply.ts'
import { labFiles } from '../../../images/lab-files.ts'
import { contextOf } from '../../engine/docker/context.ts'
import { changesIn, isSameLab, labIn } from './changes.ts'
import { HOME } from './provenance.ts'

// What tells a lab: in repositories of their own, with a real git, and where git knows nothing.

const changes = suite('changes')
const folders: string[] = []
changes.after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true })
})

/** Runs git with nobody's configuration. */
const git =
  (folder: string) =>
  async (...args: string[]) =>
    execFileSync('git', args, {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { PATH: process.env.PATH, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' },
    })

/** A lab with a commit, and then such files in its tree. */
async function labWith(files: Record<string, string>): Promise<string | undefined> {
  const folder = newFolder()
  lay(folder, FILES)
  await commitAll(folder)
  lay(folder, files)
  return changesIn(folder, git(folder))
}

const FILES = {
  'package.json': '{ "version": "1" }',
  'lab/run.ts': 'run',
  'cases/none.ts': 'none',
  'README.md': 'read',
  '.gitignore': 'node_modules\n',
}

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'changes-'))
  folders.push(folder)
  return folder
}

function lay(folder: string, files: Record<string, string>) {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(join(folder, file, '..'), { recursive: true })
    writeFileSync(join(folder, file), text)
  }
}

async function commitAll(folder: string) {
  const run = git(folder)
  await run('init', '-q')
  await run('add', '.')
  await run('-c', 'user.name=x', '-c', 'user.email=x@example', 'commit', '-q', '-m', 'x')
}

/** A lab outside of any repository, with such files beside those of {@link FILES}. */
function labWithout(files: Record<string, string>) {
  const folder = newFolder()
  lay(folder, { ...FILES, ...files })
  return labIn(folder, tolerant(folder))
}

/** As the lab runs git: null where it fails. */
const tolerant = (folder: string) => {
  const run = git(folder)
  return (...args: string[]) =>
    run(...args).then(
      (said) => said.trim(),
      () => null,
    )
}

changes('two trees that were changed are the same only where their changes are', async () => {
  const one = await labWith({ 'lab/run.ts': 'changed' })
  assert.match(one!, /^[0-9a-f]{12}$/)
  assert.is(await labWith({ 'lab/run.ts': 'changed' }), one)
  assert.is.not(await labWith({ 'lab/run.ts': 'charged' }), one)
  assert.is.not(await labWith({ 'cases/none.ts': 'changed' }), one)
})

changes('new files count by name and content, unless git ignores them', async () => {
  const one = await labWith({ 'cases/mine.ts': 'mine' })
  assert.ok(one)
  assert.is.not(await labWith({ 'cases/mine.ts': 'nine' }), one)
  assert.is.not(await labWith({ 'cases/yours.ts': 'mine' }), one)
  assert.is(await labWith({ 'lab/node_modules/x.ts': 'x' }), undefined)
})

changes('nothing, texts, tests and reports decide no run', async () => {
  assert.is(await labWith({}), undefined)
  assert.is(await labWith(NO_MATTER), undefined)
})

const NO_MATTER = {
  'README.md': 'changed',
  'lab/README.md': 'x',
  'lab/run.test.ts': 'x',
  'lab/e2e/harness.ts': 'x',
  'reports/1/result.json': '{}',
}

changes('a lab with a commit is told by it, and one without by the files that decide a run', async () => {
  const folder = newFolder()
  lay(folder, FILES)
  await commitAll(folder)
  const { commit, ...committed } = await labIn(folder, tolerant(folder))
  assert.match(commit!, /^[0-9a-f]{7,}$/)
  assert.equal(committed, { version: '1' })
  const bare = await labWithout({})
  assert.match(bare.files!, /^[0-9a-f]{12}$/)
  assert.equal(bare, { version: '1', commit: null, files: bare.files })
  assert.equal(await labWithout(NO_MATTER), bare)
  const others: Record<string, string>[] = [
    { 'lab/run.ts': 'ran' },
    { 'images/new.c': '' },
    { 'package-lock.json': '{}' },
  ]
  for (const other of others) assert.not(isSameLab(await labWithout(other), bare), JSON.stringify(other))
  assert.ok(isSameLab(await labWithout({}), bare))
})

changes('a lab that lies in the repository of something else is not told by its commit', async () => {
  const folder = newFolder()
  lay(folder, { 'mine.txt': 'x', '.gitignore': 'hitless\n' })
  await commitAll(folder)
  const inner = join(folder, 'hitless')
  lay(inner, FILES)
  assert.equal(await labIn(inner, tolerant(inner)), await labWithout({}))
})

changes("the lab in its image is the same as in a checkout without git, and in another's image it is not", async () => {
  const folder = newFolder()
  const { pack } = await contextOf(testSupply())
  const ignore = (name: string) => !name.startsWith(join(folder, 'hitless'))
  await pipeline(pack(), tar.extract(folder, { ignore }))
  const image = join(folder, 'hitless')
  const checkout = newFolder()
  for (const place of ['package.json', 'package-lock.json', 'tsconfig.json', 'lab', 'images', 'cases', 'README.md'])
    cpSync(join(HOME, place), join(checkout, place), { recursive: true })
  assert.equal(labFiles(image), labFiles(checkout))
  const [one, other] = await Promise.all([image, checkout].map((home) => labIn(home, tolerant(home))))
  assert.ok(one!.files)
  assert.equal(one, other)
  lay(image, { 'cases/none.ts': '' })
  assert.not(isSameLab(await labIn(image, tolerant(image)), other!))
})

changes('labs are the same where commit and changes are, and those are known', () => {
  const lab = (commit: string | null, changes?: string, files?: string) => ({
    version: '1',
    commit,
    ...(changes && { changes }),
    ...(files && { files }),
  })
  assert.ok(isSameLab(lab('a'), lab('a')))
  assert.ok(isSameLab(lab('a-dirty', '1'), lab('a-dirty', '1')))
  assert.not(isSameLab(lab('a-dirty', '1'), lab('a-dirty', '2')))
  assert.not(isSameLab(lab('a'), lab('a', '1')), 'a new file')
  assert.not(isSameLab(lab('a-dirty'), lab('a-dirty')), 'changes that an older lab did not tell')
  assert.not(isSameLab(lab(null), lab(null)))
  assert.ok(isSameLab(lab(null, undefined, '1'), lab(null, undefined, '1')))
  assert.not(isSameLab(lab(null, undefined, '1'), lab(null, undefined, '2')))
  assert.not(isSameLab(lab('null, then a'), lab('null, then a')), 'a part of it told nothing')
})

changes.run()
