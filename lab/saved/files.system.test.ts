import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { $ } from 'zx'
import { EXIT } from '../model/fault.ts'

const scratch = mkdtempSync(join(tmpdir(), 'hitless-test-'))
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }))

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

test.run()
