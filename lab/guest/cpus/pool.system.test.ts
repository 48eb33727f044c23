import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { allowedCpus } from '../threads.ts'
import { type Lock, lockFolder, tryLock } from './lock.ts'
import { cpuNumbers, type Pair } from './pairs.ts'

// Labs of one machine, each a process of its own, that agree in one folder.

const base = mkdtempSync(join(tmpdir(), 'hitless-cpus-'))
const folder = lockFolder({ HITLESS_CPUS: join(base, 'cpus') })
const started: { kill: () => void }[] = []
/** Pairs of one CPU each, since a machine may have only two. */
const pairs: Pair[] = cpuNumbers(allowedCpus('self')).map((cpu) => ({
  ...{ proxy: cpu, generator: cpu, cores: [cpu], oneCore: false },
}))

const LAB = `
import { CpuPool } from './lab/guest/cpus/pool.ts'
const pool = new CpuPool(JSON.parse(process.argv[2]), process.argv[1])
const { signal } = new AbortController()
await pool.lend(async (pair) => {
  console.log('has ' + pair.cores)
  await new Promise((resolve) => process.stdin.once('data', resolve))
}, (line) => console.log(line), signal)
console.log('gave it back')
`

/** Starts a lab that takes a pair and gives it back when it is told to. */
function lab(wanted = pairs) {
  const args = ['--import', 'tsx', '--input-type=module', '-e', LAB, folder, JSON.stringify(wanted)]
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  started.push(child)
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return {
    child,
    next: async () => (await lines.next()).value as string,
    giveBack: () => child.stdin.end('\n'),
    name: `process ${child.pid} on ${hostname()} (${[folder, JSON.stringify(wanted)].join(' ')}`.slice(0, 160),
  }
}
type Lab = ReturnType<typeof lab>

/** Starts one after the other until all CPUs are taken. */
async function takeAll(): Promise<Lab[]> {
  const labs: Lab[] = []
  for (const { cores } of pairs) {
    const one = lab()
    assert.is(await one.next(), `has ${cores}`)
    labs.push(one)
  }
  return labs
}

const agreed = suite('CPUs of several labs')

agreed.after.each(() => {
  for (const child of started.splice(0)) child.kill()
})
agreed.after(() => rmSync(base, { recursive: true, force: true }))

agreed(
  'no two have a CPU in common; one that finds none says who has them, and goes on when one is killed',
  async () => {
    const labs = await takeAll()
    const late = lab()
    const told = await late.next()
    for (const { child } of labs) assert.match(told, `process ${child.pid} on ${hostname()}`)
    assert.match(told, /^waiting for CPUs: .* ha(s|ve) them$/)
    labs[0]!.child.kill('SIGKILL')
    assert.is(await late.next(), `has ${pairs[0]!.cores}`)
  },
)

agreed('who waits longest is the next, also before the one who has just given its CPUs back', async () => {
  const [first] = await takeAll()
  const second = lab([pairs[0]!])
  assert.match(await second.next(), `process ${first!.child.pid}`)
  const third = lab([pairs[0]!])
  assert.is((await third.next()).replace(/ \(.*/, ''), `waiting for CPUs: process ${second.child.pid} on ${hostname()}`)
  first!.giveBack()
  assert.is(await second.next(), `has ${pairs[0]!.cores}`)
  second.giveBack()
  assert.is(await second.next(), 'gave it back')
  assert.is(await third.next(), `has ${pairs[0]!.cores}`)
})

agreed('labs that may use different CPUs agree on those that both may use', async () => {
  const [one, other] = pairs.map(({ cores }) => cores[0]!) as [number, number]
  const both = lab([{ proxy: one, generator: other, cores: [one, other], oneCore: false }])
  assert.is(await both.next(), `has ${one},${other}`)
  const late = lab([pairs[1]!])
  assert.match(await late.next(), `process ${both.child.pid}`)
  both.giveBack()
  assert.is(await late.next(), `has ${other}`)
})

agreed('another user sees who has a CPU, and can take one that is free', async () => {
  const lock = (await tryLock(folder, 77)) as Lock
  const asNobody = (script: string) => {
    try {
      const command = ['--reuid=65534', '--regid=65534', '--clear-groups', 'sh', '-c', script]
      return execFileSync('setpriv', command, { cwd: '/', encoding: 'utf8', stdio: 'pipe' }).trim()
    } catch (error) {
      return `status ${(error as { status: number }).status}`
    }
  }
  // Others must get at the folder of this test.
  execFileSync('chmod', ['755', base])
  const file = join(folder, 'cpu-77')
  assert.match(asNobody(`cat ${file}`), `process ${process.pid} on ${hostname()}`)
  assert.is(asNobody(`exec 3<>${file} && flock -n 3`), 'status 1')
  assert.equal([statSync(folder).mode & 0o7777, statSync(file).mode & 0o777], [0o1777, 0o666])
  assert.not.equal(asNobody(`rm -f ${file}`), '', 'it is not theirs')
  lock.release()
  assert.is(asNobody(`exec 3<>${file} && flock -n 3 && echo taken`), 'taken')
  assert.is(asNobody(`cat ${file}`), '', 'nobody has it')
  asNobody(`: >${join(folder, 'cpu-78')}; chmod 666 ${join(folder, 'cpu-78')}`)
  const theirs = await tryLock(folder, 78)
  assert.ok('release' in theirs, 'one that another user made')
  theirs.release()
})

agreed('who has a CPU and never says who it is, is another lab', async () => {
  const holder = spawn('flock', ['--no-fork', join(folder, 'cpu-80'), 'sh', '-c', 'echo has it; exec sleep 60'])
  started.push(holder)
  await once(holder.stdout!, 'data')
  assert.equal(await tryLock(folder, 80), { holder: 'another lab' })
})

agreed('a folder that cannot be used is named, and how another one is chosen', () => {
  symlinkSync('/nowhere', join(base, 'link'))
  for (const wrong of [join(base, 'link'), '/proc/cpus', '/etc/passwd']) {
    assert.throws(() => lockFolder({ HITLESS_CPUS: wrong }), new RegExp(`${wrong}, cannot be used: `))
  }
  assert.is(lockFolder({}), '/tmp/hitless-cpus')
})

agreed.run()
