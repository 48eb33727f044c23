import { chmodSync, linkSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { lay } from '../../../images/fixtures/files.ts'
import { type Neighbour, neighbour, noNeighbour } from '../../../images/fixtures/neighbour.ts'
import { EXIT, Fault } from '../../model/fault.ts'
import { type Lock, lockFolder, tryLock } from './lock.ts'

// Another user of the machine is first at the folder where labs agree who has which CPUs, and lays traps in it for root.

const base = mkdtempSync(join(tmpdir(), 'hitless-cpus-'))
process.on('exit', () => rmSync(base, { recursive: true, force: true }))
/** As /tmp is. */
const shared = join(base, 'shared')
const folder = join(shared, 'cpus')
const precious = join(lay(base, { precious: 'precious' }), 'precious')

const why = noNeighbour()
const attacked = suite('the locks on CPUs beside another user')
let theirs: Neighbour

attacked.before(() => {
  theirs = neighbour()
  mkdirSync(shared)
  chmodSync(base, 0o755)
  chmodSync(shared, 0o1777)
})
attacked.after(() => theirs.leave())
attacked.before.each(() => {
  rmSync(folder, { recursive: true, force: true })
  does(`umask 0; mkdir ${folder}`)
})
attacked.after.each(() => {
  const { size, mode } = statSync(precious)
  assert.equal([size, mode & 0o777, readFileSync(precious, 'utf8')], [8, 0o644, 'precious'])
})

const does = (script: string) => assert.is(theirs.does(script).status, 0)

async function refused(of: number | 'line'): Promise<string> {
  const error = await tryLock(folder, of).catch((error) => error)
  assert.instance(error, Fault)
  assert.is(error.exit, EXIT.notReady)
  assert.match(error.hint, 'HITLESS_CPUS=')
  return error.message
}

attacked('a folder that they made is used by both, each in turn', async () => {
  assert.is(lockFolder({ HITLESS_CPUS: folder }), folder)
  const lock = (await tryLock(folder, 1)) as Lock
  assert.is(theirs.does(`exec 3<>${folder}/cpu-1; flock -n 3`).status, 1)
  lock.release()
  does(`exec 3<>${folder}/cpu-1; flock -n 3`)
})

attacked('a link in place of a file is not followed, and not made a file at its end', async () => {
  does(`ln -s ${precious} ${folder}/cpu-1; ln -s ${base}/new ${folder}/line`)
  assert.match(
    await refused(1),
    `ELOOP: too many symbolic links encountered, open '${folder}/cpu-1'; it is user ${theirs.uid}'s`,
  )
  assert.match(await refused('line'), 'ELOOP')
  assert.not.ok(statSync(join(base, 'new'), { throwIfNoEntry: false }))
})

attacked("another name of one of root's files is not written to", async () => {
  // As they could where fs.protected_hardlinks is 0.
  linkSync(precious, join(folder, 'cpu-1'))
  assert.match(await refused(1), `${folder}/cpu-1 is a file that has another name, too`)
})

attacked('a pipe and a folder are told with their owner, at once', async () => {
  does(`mkfifo -m 666 ${folder}/cpu-1; mkdir ${folder}/cpu-2`)
  assert.match(await refused(1), `${folder}/cpu-1 is no file; it is user ${theirs.uid}'s`)
  assert.match(
    await refused(2),
    `EISDIR: illegal operation on a directory, open '${folder}/cpu-2'; it is user ${theirs.uid}'s`,
  )
})

attacked('a folder in place of which a link or a file stands is not opened to all', () => {
  does(`ln -s ${base} ${shared}/link; : >${shared}/file`)
  for (const name of ['link', 'file'])
    assert.throws(
      () => lockFolder({ HITLESS_CPUS: join(shared, name) }),
      (error: Fault) =>
        error.exit === EXIT.notReady && error.message.endsWith(`it is no folder; it is user ${theirs.uid}'s`),
    )
  assert.is(statSync(base).mode & 0o7777, 0o755)
})

attacked('a lock that they hold makes one wait, and what they write there is cut', async () => {
  does(`head -c 300000000 /dev/zero >${folder}/cpu-1; chmod 666 ${folder}/cpu-1`)
  const held = theirs.does(`exec 3<>${folder}/cpu-1; flock 3; sleep 20 >/dev/null 2>&1 & echo $!`)
  const before = process.memoryUsage().rss
  const answer = (await tryLock(folder, 1)) as { holder: string }
  assert.is(answer.holder, `${'?'.repeat(160)}…`)
  assert.ok(process.memoryUsage().rss - before < 100e6, 'it is not read whole')
  process.kill(Number(held.stdout), 'SIGKILL')
})

if (why === null) attacked.run()
else {
  const skipped = suite('the locks on CPUs beside another user')
  skipped.skip(why, () => {})
  skipped.run()
}
