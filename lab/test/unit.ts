import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { END } from './end.ts'
import { type Totals, totalsOf } from './totals.ts'
import { setTripwire, type Tripwire } from './tripwire.ts'

const WORKER = fileURLToPath(new URL('./worker.ts', import.meta.url))

interface UnitOptions {
  print?: (text: string) => unknown
  /** A file that takes longer hangs, and is given up. */
  seconds?: number
}

/** What a worker says of a file whose tests have ended. */
interface Ended {
  /** Its totals stand here. */
  output: string
  /** What was said on stderr: shown where a test failed, and never counted. */
  errors?: string
  endedWell: boolean
}

/** How a test file ended, and what starts it that no unit test may start. */
export interface Report extends Totals {
  file: string
  caught: string[]
}

/**
 * Runs test files, as many at a time as there are CPUs, and prints a line for each, with its output where a test
 * failed. A file that starts a guest or a compiler has failed.
 */
export async function runUnitTests(
  files: string[],
  { print = (text) => process.stdout.write(text), seconds = 120 }: UnitOptions = {},
): Promise<Report[]> {
  const queue = [...files]
  const reports: Report[] = []
  const report = (file: string, ended: Ended, caught: string[], milliseconds: number) => {
    const totals = totalsOf(ended.output, ended.endedWell)
    if (caught.length) totals.failed++
    reports.push({ file, caught, ...totals })
    print(described(file, totals, caught, ended, milliseconds))
  }
  const slots = Math.min(availableParallelism(), files.length)
  await Promise.all(Array.from({ length: slots }, () => runQueue(queue, seconds, report)))
  return reports
}

type Reporter = (file: string, ended: Ended, caught: string[], milliseconds: number) => void

/** Runs files until none is left. A worker that ended with a file is replaced. */
async function runQueue(queue: string[], seconds: number, report: Reporter) {
  const tripwire = setTripwire()
  try {
    while (queue.length) await runWorker(queue, tripwire, seconds, report)
  } finally {
    tripwire.remove()
  }
}

async function runWorker(queue: string[], tripwire: Tripwire, seconds: number, report: Reporter) {
  const worker = fork(WORKER, {
    execArgv: ['--import', 'tsx'],
    env: tripwire.env,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  const gone = goneOf(worker)
  // Tests provoke errors; what they say on stderr matters only where one fails.
  let said = ''
  worker.stderr!.on('data', (text) => (said += text))
  while (queue.length && worker.connected) {
    const file = queue.shift()!
    const begun = performance.now()
    said = ''
    const ended = await runFile(worker, file, seconds, gone)
    report(file, { ...ended, errors: said }, tripwire.caught(), performance.now() - begun)
  }
  if (worker.connected) worker.send(END)
  await gone
}

/** What a worker printed that ended without saying so. */
async function goneOf(worker: ChildProcess): Promise<Ended> {
  let output = ''
  worker.stdout!.on('data', (text) => (output += text))
  await once(worker, 'close')
  return { output, endedWell: false }
}

async function runFile(worker: ChildProcess, file: string, seconds: number, gone: Promise<Ended>): Promise<Ended> {
  const timer = setTimeout(() => worker.kill('SIGKILL'), seconds * 1000)
  const message = new Promise<Ended>((resolve) => worker.once('message', (ended) => resolve(ended as Ended)))
  try {
    worker.send(file)
    return await Promise.race([message, gone])
  } finally {
    clearTimeout(timer)
  }
}

function described(file: string, totals: Totals, caught: string[], ended: Ended, milliseconds: number): string {
  const { passed, failed } = totals
  const { output, errors = '' } = ended
  const lines = [
    `${file}: ${passed} passed${failed ? `, ${failed} failed` : ''} (${(milliseconds / 1000).toFixed(1)} s)`,
    ...(caught.length ? [`  it starts ${caught.join(', ')}, which only files named *.system.test.ts may do`] : []),
    ...(failed ? [output + errors] : []),
  ]
  return `${lines.join('\n')}\n`
}
