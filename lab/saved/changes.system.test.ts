import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { changesIn, isSameLab } from './changes.ts'

// What was changed and not committed, in repositories of their own, with a real git.

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
      env: { PATH: process.env.PATH, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' },
    })

/** A lab with a commit, and then such files in its tree. */
async function labWith(files: Record<string, string>): Promise<string | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'changes-'))
  folders.push(folder)
  const lay = (all: Record<string, string>) => {
    for (const [file, text] of Object.entries(all)) {
      mkdirSync(join(folder, file, '..'), { recursive: true })
      writeFileSync(join(folder, file), text)
    }
  }
  lay({ 'lab/run.ts': 'run', 'cases/none.ts': 'none', 'README.md': 'read', '.gitignore': 'node_modules\n' })
  const run = git(folder)
  await run('init', '-q')
  await run('add', '.')
  await run('-c', 'user.name=x', '-c', 'user.email=x@example', 'commit', '-q', '-m', 'x')
  lay(files)
  return changesIn(folder, run)
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
  const others = { 'README.md': 'changed', 'lab/README.md': 'x', 'lab/run.test.ts': 'x', 'reports/1/result.json': '{}' }
  assert.is(await labWith(others), undefined)
})

changes('labs are the same where commit and changes are, and those are known', () => {
  const lab = (commit: string | null, changes?: string) => ({ version: '1', commit, ...(changes && { changes }) })
  assert.ok(isSameLab(lab('a'), lab('a')))
  assert.ok(isSameLab(lab('a-dirty', '1'), lab('a-dirty', '1')))
  assert.not(isSameLab(lab('a-dirty', '1'), lab('a-dirty', '2')))
  assert.not(isSameLab(lab('a'), lab('a', '1')), 'a new file')
  assert.not(isSameLab(lab('a-dirty'), lab('a-dirty')), 'changes that an older lab did not tell')
  assert.not(isSameLab(lab(null), lab(null)))
})

changes.run()
