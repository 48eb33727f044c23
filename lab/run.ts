import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { cpus, release } from 'node:os'
import { join } from 'node:path'
import { carryOut } from './engine/run.ts'
import { makeFolder } from './engine/save.ts'
import { main, within } from './main.ts'
import type { CaseFacts, Result } from './measure/result.ts'
import { exitStatus } from './measure/status.ts'
import { parseOptions } from './plan/options.ts'
import { type Means, makePlan } from './plan/plan.ts'
import { prepare } from './plan/prepare.ts'
import { publish } from './publish.ts'

/** Cells have limits of their own (lab/guest/guest.ts), so that with this one the whole run has. */
const PREPARE_SECONDS = 1800
const HOME = new URL('..', import.meta.url).pathname

await main(async (argv, signal) => {
  const started = new Date()
  const options = parseOptions(argv)
  if (typeof options === 'string') {
    process.stdout.write(options)
    return 0
  }
  const preparing = prepare(options, (line) => process.stderr.write(`${line}\n`))
  const means = await within(PREPARE_SECONDS, 'fetching and building what the run needs', preparing)
  const plan = makePlan(options, means)
  const name = options.kernel.join('-').replace(/[^\w.-]+/g, '_')
  const folder = options.out ?? join(HOME, 'reports', `${started.toISOString().replace(/[-:]|\.\d+/g, '')}-${name}`)
  makeFolder(folder)
  const outcome = await carryOut(plan, folder, Boolean(process.stderr.isTTY), signal)
  const result: Result = {
    schema: 1,
    name,
    started: started.toISOString(),
    seconds: (Date.now() - started.getTime()) / 1000,
    argv: ['lab/run.ts', ...argv],
    ...surroundings(),
    ...outcome,
    cases: means.cases.map(facts),
    interrupted: signal.aborted,
  }
  await publish(result, folder, options.json)
  return exitStatus(result)
})

/** The lab and the machine, as far as a reader needs them. */
function surroundings(): Pick<Result, 'lab' | 'host'> {
  const { version } = JSON.parse(readFileSync(join(HOME, 'package.json'), 'utf8')) as { version: string }
  const said = (command: string, ...args: string[]) => {
    try {
      return execFileSync(command, args, { cwd: HOME, stdio: ['ignore', 'pipe', 'ignore'] })
        .toString()
        .trim()
    } catch {
      return null
    }
  }
  return {
    lab: { version, commit: said('git', 'describe', '--always', '--dirty') },
    host: {
      kernel: release(),
      cpu: cpus()[0]?.model ?? 'unknown',
      cpus: cpus().length,
      qemu: said('qemu-system-x86_64', '--version')?.split('\n')[0] ?? null,
    },
  }
}

function facts({ name, title, idea, source, control, drawbacks, ...of }: Means['cases'][number]): CaseFacts {
  const { setup, ready, before, reload, after } = of
  const commands = { setup, ready, before, reload: reload ? [reload] : undefined, after }
  return {
    name,
    title,
    idea,
    source,
    control,
    drawbacks,
    commands: Object.fromEntries(Object.entries(commands).flatMap(([when, lines]) => (lines ? [[when, lines]] : []))),
  }
}
