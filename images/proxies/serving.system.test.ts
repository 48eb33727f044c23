import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { $ } from 'zx'
import { nginx } from './nginx.ts'

// The processes of nginx are told apart by their titles alone, which other programs can have, too.

const dir = mkdtempSync(join(tmpdir(), 'serving-'))
process.on('exit', () => rmSync(dir, { recursive: true, force: true }))

test('of the children of the master those serve that do not shut down, the ones without a title of their own, too', async () => {
  const titles = [
    'nginx: worker process is shutting down',
    'nginx: worker process',
    'nginx: master process /sbin/nginx -c /cell/nginx.conf',
    'nginx: cache manager process',
  ]
  const each = titles.map((title) => `(exec -a '${title}' cat < <(sleep 60)) & echo $!`)
  const master = spawn('bash', ['-c', `${each.join('\n')}\nwait`], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  })
  try {
    let said = ''
    while (said.split('\n').length <= titles.length) said += (await once(master.stdout, 'data'))[0]
    const pids = said.trim().split('\n')
    const PIDFILE = join(dir, 'nginx.pid')
    writeFileSync(PIDFILE, `${master.pid}\n`)
    // Each has its title, and no other words, when it has become another program.
    for (const pid of pids) await $({ quiet: true })`until grep -q cat /proc/${pid}/comm; do sleep 0.01; done`
    const { stdout } = await $({ quiet: true, env: { ...process.env, PIDFILE } })`sh -c ${nginx.serving}`
    assert.equal(stdout.trim().split('\n'), [pids[1], pids[2]])
  } finally {
    process.kill(-master.pid!, 'SIGKILL')
  }
})

test.run()
