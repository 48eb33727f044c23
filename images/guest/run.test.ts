import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
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

test.run()
