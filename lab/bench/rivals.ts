import { cpSync, existsSync, mkdirSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import Table from 'cli-table3'
import { median } from 'simple-statistics'
import { $, which } from 'zx/core'
import { selectCases } from '../../cases/load.ts'
import { scratch } from '../../images/cache/cache.ts'
import { parseRequest } from '../cli/options/run.ts'
import { supplyOf } from '../cli/options/supply.ts'
import { localEngine } from '../engine/local/local.ts'
import { observing } from '../guest/guest.ts'
import { located } from '../guest/parts.ts'
import type { Cell } from '../model/cell.ts'
import { makePlan } from '../plan/plan.ts'
import { prepare } from '../prepare/prepare.ts'

const SECONDS = 3
const REPEATS = 5
const URL = 'http://127.0.0.1:$PORT/'

/** A load generator: its command, and where its output has the number of successful connections. */
interface Rival {
  command: string
  /** Connections within SECONDS. */
  connections: RegExp
  /** Connections in all, when it runs on for a while. */
  all?: RegExp
}

/** All run with 20 users, one request a connection, for the same time, on the same CPU. */
const RIVALS: Record<string, Rival> = {
  ours: { command: `load --port $PORT --users 20 --duration ${SECONDS}`, connections: /"e":"load".*"ok":(\d+)/ },
  wrk: {
    command: `wrk -t 1 -c 20 -d ${SECONDS} -H 'Connection: close' ${URL}`,
    connections: /(\d+) requests in/,
  },
  ab: { command: `ab -r -q -c 20 -t ${SECONDS} -n 200000 ${URL}`, connections: /Complete requests:\s+(\d+)/ },
  // It prints a line a second (time, current connections, connections and requests since the start) and ends a second late.
  h1load: {
    command: `h1load -c 20 -r 1 -d ${SECONDS} ${URL}`,
    connections: new RegExp(`^\\s*${SECONDS}(?:\\s+\\d+){2}\\s+(\\d+)`, 'm'),
    all: /^[^=]*\n\s*\d+(?:\s+\d+){2}\s+(\d+)/,
  },
}

/**
 * Compares the lab's generator with others, in a guest and on the host: connections a second and CPU time a connection, also
 * relative to ours. Every repeat runs all of them in turn against the same proxy.
 */
export async function rivals(signal: AbortSignal): Promise<string> {
  const programs = await installed()
  const parts: string[] = []
  for (const kernel of ['6.1', 'host']) {
    const options = await parseRequest(['--kernel', kernel, '--case', 'no-reload', '--users', '20', '--duration', '1'])
    const prepared = await prepare(
      options.request,
      supplyOf(options, () => {}, signal),
      { install: 'always' },
    )
    const plan = makePlan(options.request, prepared)
    parts.push(await compare(plan.cells[0]!, programs, signal))
  }
  return parts.join('\n')
}

/** The installed generators and their paths; ours has none. */
async function installed(): Promise<Map<string, string | null>> {
  const found = new Map<string, string | null>([['ours', null]])
  for (const name of ['wrk', 'ab']) {
    const path = await which(name, { nothrow: true })
    if (path) found.set(name, path)
    else process.stderr.write(`${name} is not installed: apt-get install wrk apache2-utils\n`)
  }
  if (process.env.H1LOAD) found.set('h1load', process.env.H1LOAD)
  return found
}

async function compare(cell: Cell, programs: Map<string, string | null>, signal: AbortSignal): Promise<string> {
  return scratch('bench', async (folder) => {
    const userland = join(folder, 'root')
    cpSync((await located(cell)).root.userland, userland, { recursive: true, verbatimSymlinks: true })
    for (const path of programs.values()) if (path) await addProgram(path, userland)
    const names = [...programs.keys()]
    const ready = names.flatMap((name) => [
      `echo "== ${name}"`,
      `taskset $LOAD_MASK sh -c "${RIVALS[name]!.command.replaceAll('"', '\\"')}; times" 2>&1`,
    ])
    const [still] = await selectCases(['no-reload'])
    const theCase = { ...still!, reload: false as const, ready: ['. /cell/env', ...ready] }
    const run = { ...cell, root: { ...cell.root, userland }, case: theCase }
    const engine = localEngine()
    const rounds: Map<string, Figures>[] = []
    for (let i = 0; i < REPEATS; i++) {
      const shown: string[] = []
      const observer = observing({ console: (text) => void shown.push(text) })
      const outcome = await engine.run({ cell: run, boot: i + 1 }, { ...observer, files: () => {} }, signal)
      if (outcome.kind !== 'done') throw new Error(`round ${i}: ${JSON.stringify(outcome)}`)
      rounds.push(readConsole(shown.join('')))
    }
    return table(cell, names, rounds)
  })
}

/** Copies a program into a root file system, with its shared libraries. */
async function addProgram(path: string, root: string) {
  mkdirSync(join(root, 'bin'), { recursive: true })
  cpSync(path, join(root, 'bin', basename(path)), { dereference: true })
  const { stdout, exitCode } = await $({ quiet: true, nothrow: true })`ldd ${path}`
  if (exitCode !== 0) return
  for (const [library] of stdout.matchAll(/\/\S+/g)) {
    if (!existsSync(library)) continue
    mkdirSync(join(root, dirname(library)), { recursive: true })
    cpSync(library, join(root, library), { dereference: true })
  }
}

interface Figures {
  /** Connections a second. */
  rate: number
  /** Microseconds of CPU time of the generator, user and system, a connection. */
  cpu: number
}

/** Reads the figures that the generators printed; the second line of `times` is about the shell's children. */
function readConsole(text: string): Map<string, Figures> {
  const parts = text.split(/^== /m).slice(1)
  return new Map(
    parts.map((part) => {
      const name = part.slice(0, part.search(/\s/))
      const rival = RIVALS[name]!
      const connections = Number(rival.connections.exec(part)?.[1])
      const all = Number((rival.all ?? rival.connections).exec(part)?.[1])
      const times = [...part.matchAll(/(\d+)m([\d.]+)s/g)].slice(2, 4)
      const cpu = times.reduce((all, [, minutes, seconds]) => all + Number(minutes) * 60 + Number(seconds), 0)
      if (!connections || !all || times.length < 2) throw new Error(`cannot read what ${name} printed:\n${part}`)
      return [name, { rate: connections / SECONDS, cpu: (cpu * 1e6) / all }]
    }),
  )
}

function table(cell: Cell, names: string[], rounds: Map<string, Figures>[]): string {
  const middle = (figure: (round: Map<string, Figures>) => number) => median(rounds.map(figure))
  const made = new Table({
    head: [`${cell.kernel.name}, ${cell.accel}`, 'connections/s', 'of ours', 'CPU µs/connection', 'of ours'],
  })
  for (const name of names) {
    const ratio = (what: keyof Figures) =>
      middle((round) => round.get(name)![what] / round.get('ours')![what]).toFixed(2)
    made.push([
      name,
      Math.round(middle((round) => round.get(name)!.rate)),
      ratio('rate'),
      middle((round) => round.get(name)!.cpu).toFixed(1),
      ratio('cpu'),
    ])
  }
  return made.toString()
}
