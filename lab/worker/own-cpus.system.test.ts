import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { cpuNumbers, pairsOf } from '../guest/cpus.ts'
import { allowedCpus } from '../guest/threads.ts'

// Workers of one machine, each a process of its own, that share a folder.

const folder = mkdtempSync(join(tmpdir(), 'hitless-cpus-'))
const cpus = cpuNumbers(allowedCpus('self'))
/** Pairs that do not overlap, of one CPU each where there are only two. */
const pairs = cpus.length >= 4 ? pairsOf(cpus) : cpus.map((cpu) => ({ proxy: cpu, generator: cpu }))
const started: { kill: () => void }[] = []

const WORKER = `
import { readFileSync } from 'node:fs'
import { takeCpus } from './lab/worker/own-cpus.ts'
await takeCpus((line) => console.log('waits: ' + line), new AbortController().signal, process.argv[1], JSON.parse(process.argv[2]))
console.log('has ' + process.pid)
setInterval(() => {}, 1000)
`

/** Starts a worker that takes a pair and keeps it until it is killed. */
function worker() {
  const args = ['--import', 'tsx', '--input-type=module', '-e', WORKER, folder, JSON.stringify(pairs)]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  started.push(child)
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return { child, next: async () => (await lines.next()).value as string }
}

const own = suite('CPUs of a worker')

own.after(() => {
  for (const child of started) child.kill()
  rmSync(folder, { recursive: true, force: true })
})

own('no two workers have a CPU in common, and one that finds none waits until another is killed', async () => {
  const workers = pairs.map(worker)
  const taken: string[] = []
  for (const { next, child } of workers) {
    assert.is(await next(), `has ${child.pid}`)
    taken.push(allowedCpus(child.pid!))
    for (const task of readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').split(' ').filter(Boolean))
      assert.is(allowedCpus(Number(task)), taken.at(-1))
  }
  assert.is(new Set(taken.flatMap(cpuNumbers)).size, cpuNumbers(taken.join()).length, taken.join(' '))

  const late = worker()
  assert.is(await late.next(), `waits: all ${pairs.length} pairs of CPUs of this node are in use; waiting for one`)
  workers[0]!.child.kill('SIGKILL')
  assert.is(await late.next(), `has ${late.child.pid}`)
  assert.is(allowedCpus(late.child.pid!), taken[0])
})

own.run()
