import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Docker from 'dockerode'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { EXIT } from '../../model/fault.ts'
import { DaemonLost, Patience } from './away.ts'

const folder = mkdtempSync(join(tmpdir(), 'hitless-away-'))
test.after(() => rmSync(folder, { recursive: true, force: true }))

const { signal } = new AbortController()

/** A daemon at a socket where nothing listens yet, and somebody who asks it. */
function awayAt(name: string, seconds: number) {
  const socket = join(folder, name)
  const docker = new Docker({ socketPath: socket })
  const notes: string[] = []
  const patience = new Patience({ docker, where: `unix://${socket}` }, (line) => notes.push(line), seconds)
  return { socket, docker, notes, patience }
}

test('a daemon that comes back is asked again', async () => {
  const { socket, docker, notes, patience } = awayAt('back.sock', 60)
  const server = createServer((_, response) => response.end('OK'))
  let asked = 0
  const answer = patience.ask(() => {
    asked++
    // It comes back while it is waited for.
    if (asked === 1) setTimeout(() => server.listen(socket), 50)
    return docker.ping()
  }, signal)
  assert.is(String(await answer), 'OK')
  assert.is(asked, 2)
  assert.match(notes.join(), 'went away; waiting up to 60 s for it')
  server.closeAllConnections()
  server.close()
})

test('one that stays away is lost, and nobody waits for it again', async () => {
  const { docker, notes, patience } = awayAt('gone.sock', 0.1)
  const lost = async () => {
    try {
      await patience.ask(() => docker.ping(), signal)
      assert.unreachable()
    } catch (error) {
      assert.instance(error, DaemonLost)
      assert.is((error as DaemonLost).exit, EXIT.failed)
      assert.match((error as DaemonLost).hint!, '--resume')
    }
  }
  await lost()
  await lost()
  assert.is(notes.length, 1)
})

test('what a daemon refuses is not asked again', async () => {
  const { patience } = awayAt('any.sock', 60)
  const refused = new Error('no such image')
  try {
    await patience.ask(() => Promise.reject(refused), signal)
    assert.unreachable()
  } catch (error) {
    assert.is(error, refused)
  }
})

test('nobody waits any longer than the run', async () => {
  const { docker, patience } = awayAt('late.sock', 60)
  const abort = new AbortController()
  setTimeout(() => abort.abort(), 50)
  try {
    await patience.ask(() => docker.ping(), abort.signal)
    assert.unreachable()
  } catch (error) {
    assert.not.instance(error, DaemonLost)
    assert.ok(abort.signal.aborted)
  }
})

test.run()
