import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { $ } from 'zx'
import { EXIT, Fault } from '../model/fault.ts'
import { makeFolder, requireEmpty, saveFiles, unmakeFolders } from './files.ts'

const scratch = mkdtempSync(join(tmpdir(), 'hitless-test-'))
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }))

/** The fault that `act` ends with. */
function fault(act: () => unknown): Fault {
  try {
    act()
  } catch (error) {
    assert.instance(error, Fault)
    return error as Fault
  }
  throw new Error('no fault')
}

test('files are saved, and saved again', () => {
  const folder = mkdtempSync(join(scratch, 'run-'))
  saveFiles(folder, { 'result.json': 'one', 'report.md': 'two' })
  saveFiles(folder, { 'result.json': 'three' })
  assert.is(readFileSync(join(folder, 'result.json'), 'utf8'), 'three')
  assert.equal(readdirSync(folder).sort(), ['report.md', 'result.json'])
})

test('a disk that fills up within a file leaves what was there before, and nothing beside it', async () => {
  const disk = mkdtempSync(join(scratch, 'disk-'))
  const script = join(scratch, 'fill.ts')
  writeFileSync(
    script,
    `import { readdirSync, readFileSync } from 'node:fs'
    import { saveFiles } from ${JSON.stringify(new URL('files.ts', import.meta.url).pathname)}
    saveFiles(${JSON.stringify(disk)}, { 'result.json': 'what was' })
    try {
      saveFiles(${JSON.stringify(disk)}, { 'result.json': 'x'.repeat(2 ** 21) })
      console.log('it was saved')
    } catch (error) {
      console.log(error.exit, error.message)
    }
    console.log(readdirSync(${JSON.stringify(disk)}).join(), readFileSync(${JSON.stringify(join(disk, 'result.json'))}, 'utf8'))`,
  )
  const small = `mount -t tmpfs -o size=1m none ${disk} && exec ${process.execPath} --import tsx ${script}`
  const { stdout } = await $({ quiet: true })`unshare --user --map-root-user --mount sh -c ${small}`
  const [said, left] = stdout.split('\n')
  assert.match(said!, `${EXIT.failed} cannot save ${join(disk, 'result.json')}: ENOSPC`)
  assert.is(left, 'result.json what was')
})

test('a folder is made with those above it, and unmade while nothing is in it', () => {
  const path = join(scratch, 'a/b/c')
  const made = makeFolder(path)
  assert.equal(made, [path, join(scratch, 'a/b'), join(scratch, 'a')])
  writeFileSync(join(scratch, 'a/kept'), '')
  unmakeFolders(made)
  assert.equal(readdirSync(join(scratch, 'a')), ['kept'])
})

test('a folder that something is in is refused, with how to go on with a run in it', () => {
  const folder = mkdtempSync(join(scratch, 'taken-'))
  requireEmpty(folder)
  for (const name of ['plan.json', 'a', 'b', 'c']) writeFileSync(join(folder, name), '')
  const { message, hint, exit } = fault(() => requireEmpty(folder))
  assert.is(exit, EXIT.usage)
  assert.match(message, /, and a, b, c … is in it$/)
  assert.match(hint!, `--resume ${folder}`)
})

test.run()
