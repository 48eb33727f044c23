import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'

/** Functions of a cell's scripts, one-liners and others. */
function functions(...names: string[]): string {
  const text = ['run.sh', 'measure.sh'].map((file) => readFileSync(new URL(file, import.meta.url), 'utf8')).join('\n')
  const found = names.map((name) => new RegExp(`^${name}\\(\\) \\{(?:.*\\}|[^]*?\\n\\})$`, 'm').exec(text)?.[0])
  assert.ok(found.every(Boolean), `they have ${names.join(', ')}`)
  return found.join('\n')
}

/** What cpus() says of a process when taskset does this; events go to stdout, too. */
function cpusWhere(taskset: string) {
  const script = `${functions('tell', 'plain', 'fail', 'cpus')}\ntaskset() { ${taskset}; }\ncpus "the load generator" 7 3>&1`
  const { stdout, status } = spawnSync('sh', ['-c', script], { encoding: 'utf8' })
  return { said: stdout.trim(), status }
}

test('affinity is read as every kernel tells it, whatever /proc/PID/status has', () => {
  assert.equal(cpusWhere(`echo "pid $2's current affinity list: 0"`), { said: '0', status: 0 })
  assert.equal(cpusWhere(`echo "pid $2's current affinity list: 2-3,8"`), { said: '2-3,8', status: 0 })
})

test('affinity that cannot be read is an error with its reason, and no empty list', () => {
  const { said, status } = cpusWhere(`echo "taskset: can't get pid $2's affinity: No such process" >&2; false`)
  assert.is(status, 1)
  const { e, message } = JSON.parse(said)
  assert.is(e, 'error')
  assert.match(
    message,
    "the load generator (process 7) is gone, or does not tell its CPUs: taskset: can't get pid 7's affinity: No such process",
  )
})

/**
 * What await_phase() makes of a generator: a script that has the directory in $dir. A look at that takes no time. Events go
 * to stdout, too.
 */
function awaiting(generator: string) {
  const dir = mkdtempSync(join(tmpdir(), 'phases-'))
  const script = `${functions('tell', 'plain', 'fail', 'await_phase').replaceAll('/run/load', '$dir')}
dir=$1
(${generator}) & load=$!
trap 'kill $load 2>&-' EXIT
sleep() { command sleep 0.001; }
await_phase quiet begun 3>&1
echo has begun`
  try {
    const { stdout, status } = spawnSync('sh', ['-c', script, 'sh', dir], { encoding: 'utf8' })
    return { said: stdout.trim(), status }
  } finally {
    rmSync(dir, { recursive: true })
  }
}

test('the load is waited for until it has begun', () => {
  assert.equal(awaiting('sleep 0.3; >$dir/quiet; exec sleep 60'), { said: 'has begun', status: 0 })
})

test('a load that ends before it has begun is an error with its status', () => {
  const { said, status } = awaiting('sleep 0.1; exit 7')
  assert.is(status, 1)
  assert.match(JSON.parse(said).message, 'the load generator ended with status 7 before it had begun')
})

test('a load that does not begin is waited for no longer than ten seconds', () => {
  const { said, status } = awaiting('exec sleep 60')
  assert.is(status, 1)
  assert.match(JSON.parse(said).message, 'the load generator has not begun within 10 s')
})

test.run()
