import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'

const scratch = mkdtempSync(join(tmpdir(), 'hitless-test-'))
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }))

/** A verb that talks, a line at a time, then saves its work, and finds that something is not as expected. */
const talks = (stream: 'stdout' | 'stderr', saved: string) => `
  import { main } from './lab/cli/main.ts'
  import { writeFileSync } from 'node:fs'
  await main(async () => {
    for (let i = 0; i < 200; i++) {
      process.${stream}.write('line ' + i + '\\n')
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
    writeFileSync('${saved}', '')
    return 1
  })`

/** Runs a verb in a shell that sends its streams somewhere; returns the verb's own exit status. */
function shell(verb: string, where: string) {
  const script = `"$0" --import tsx --input-type=module -e "$1" ${where}; exit "\${PIPESTATUS[0]}"`
  return spawnSync('bash', ['-c', script, process.execPath, verb], { encoding: 'utf8' })
}

for (const [stream, where] of [
  ['stdout', '| head -1'],
  ['stderr', '2>&1 | head -1'],
  ['stderr', '2>&1 >/dev/null | true'],
] as const)
  test(`a reader of ${stream} that leaves (${where}) stops nothing`, () => {
    const saved = join(scratch, `${stream}-${where.length}`)
    assert.is(shell(talks(stream, saved), where).status, 1)
    assert.ok(existsSync(saved))
  })

test('a result that cannot be written is a failure, and its work is saved', () => {
  const saved = join(scratch, 'full')
  const { status, stderr } = shell(talks('stdout', saved), '>/dev/full')
  assert.is(status, 4)
  assert.match(stderr, 'hitless: the result could not be written to stdout: ENOSPC')
  assert.ok(existsSync(saved))
})

test('text acts on no terminal, whatever a verb prints; bytes are what they are', () => {
  const verb = `
    import { main } from './lab/cli/main.ts'
    await main(async () => {
      process.stdout.write('out \\u001b]0;x\\u0007\\u001b[1mbold\\u001b[22m\\n')
      process.stderr.write('err \\u001b[2J\\n')
      process.stdout.write(Buffer.from('raw \\u001b[2J\\n'))
      return 0
    })`
  const { stdout, stderr } = shell(verb, '')
  assert.is(stdout, 'out \\u001b]0;x\\u0007\u001b[1mbold\u001b[22m\nraw \u001b[2J\n')
  assert.is(stderr, 'err \\u001b[2J\n')
})

test('several mistakes are a line each', () => {
  const verb = `
    import { main } from './lab/cli/main.ts'
    import { usage } from './lab/model/fault.ts'
    await main(async () => { throw usage('one\\ntwo', 'this') })`
  const { status, stderr } = shell(verb, '')
  assert.is(status, 2)
  assert.is(stderr, 'hitless: one\nhitless: two\ntry: this\n')
})

test.run()
