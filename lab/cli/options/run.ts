import { existsSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'
import { isMachine } from '../../../images/kernels/catalogue.ts'
import { Request } from '../../model/request.ts'
import type { Mine } from '../../model/result.ts'
import type { CommandLine } from './flags.ts'
import { FIXED, UNTIL_SURE } from './groups/load.ts'
import { wrongCases, wrongExperiments, wrongKernels } from './known.ts'
import { NO_KERNEL, proxiesOf, TWO_EXCHANGES, unknownNames, withoutMachine } from './measured.ts'
import { halfOfMine, mineOf } from './mine.ts'
import type { Option } from './option.ts'
import { type Further, parse } from './parse.ts'
import { type Name, OPTIONS, optionsOf } from './table.ts'
import type { Values, Verb } from './verb.ts'

const RUN = {
  command: 'npx tsx lab/run.ts',
  about: "Which connections does a proxy's reload lose on this kernel, and which mitigation stops it?",
  usage: [
    '--kernel KERNEL [options]',
    '--kernel KERNEL --experiment NAME [options]',
    '--resume RUN [--jobs N] [--json]',
  ],
  options: optionsOf('run'),
  examples: [
    'npx tsx lab/run.ts --kernel 6.1',
    'npx tsx lab/run.ts --kernel 6.1 --until-sure',
    'npx tsx lab/run.ts --kernel 5.10,6.1,host --case none,fd-passing --boots 3',
    'npx tsx lab/run.ts --kernel 6.1 --case ./my-case.ts --rate 1000 --json',
    'npx tsx lab/run.ts --kernel host --case none --users 20,400 --maxaccept 4,64',
    'npx tsx lab/run.ts --kernel 6.1 --case fd-passing,idle-close-on-response --keep-alive 20',
    'npx tsx lab/run.ts --kernel 4.9,6.1 --experiment fused-ack',
    'npx tsx lab/run.ts --kernel ~/linux,4.9,6.1 --jobs 4',
    "npx tsx lab/run.ts --kernel '*' --plan",
    "npx tsx lab/run.ts --kernel '*' --shard 2/8",
    'npx tsx lab/run.ts --kernel 6.1 --engine docker',
    'npx tsx lab/run.ts --kernel 4.9,6.1 --engine swarm --registry 10.0.0.1:5000',
    'npx tsx lab/run.ts --guest vagrant --kernel k4-9 --case none,fd-passing',
    'npx tsx lab/run.ts --resume reports/20261122T101500Z-6.1',
  ],
  notes: `Progress goes to stderr, results to stdout; a reader may stop early, and the run goes on. Exit status: 0 all as expected, 1 something is not, 2 usage, 3 host not ready or kernel not obtainable, 4 a cell failed, 130 interrupted.
See also: npx tsx lab/list.ts, npx tsx lab/compare.ts, npx tsx lab/doctor.ts`,
} as const satisfies Verb

/** The options of `lab/run.ts` that are about the run itself, and what it measures. */
export interface RunOptions
  extends Omit<Values<typeof RUN>, keyof Request | 'haproxies' | 'guest' | 'resume' | 'myRate' | 'myReloads' | 'help'> {
  request: Request
  mine?: Mine
  /** What was typed beside `--experiment`, and takes the place of what the experiments say. */
  override: Partial<Pick<Request, (typeof OVERRIDES)[number]>>
}

/** An interrupted run to resume. */
export type ResumeOptions = { resume: string } & Pick<RunOptions, 'jobs' | 'json'>

/**
 * Reads the command line of `lab/run.ts`.
 *
 * @returns what to measure, which run to resume, or the help text to print
 * @throws a Fault (exit 2) with all mistakes: the option, the value found and what was expected
 */
export async function parseRun(
  argv: string[],
  environment = process.env,
): Promise<RunOptions | ResumeOptions | string> {
  const parsed = await parse(RUN, argv, check, environment)
  if (typeof parsed === 'string') return parsed
  const { resume, haproxies, help, guest, myRate, myReloads, ...values } = parsed.values
  if (resume !== undefined) return { resume, jobs: values.jobs, json: values.json }
  const { boots, duration } = values.untilSure ? UNTIL_SURE : FIXED
  const asked = { ...values, boots: values.boots ?? boots, duration: values.duration ?? duration }
  const request = v.parse(Request, { ...asked, proxies: proxiesOf(values.proxies, haproxies) })
  const typed = parsed.typed.map((name) => (name === 'haproxies' ? 'proxies' : name))
  const overrides = OVERRIDES.filter((name) => typed.includes(name))
  return {
    ...values,
    mine: mineOf({ myRate, myReloads }),
    request,
    override: Object.fromEntries(overrides.map((name) => [name, request[name]])),
  }
}

/**
 * A request as the command line of `lab/run.ts` writes it: for commands that measure something fixed.
 *
 * @throws a Fault (exit 2) when it is none
 */
export async function parseRequest(argv: string[], environment = process.env): Promise<RunOptions> {
  const options = await parseRun(argv, environment)
  if (typeof options === 'string' || 'resume' in options) throw new Error(`no request: ${argv.join(' ')}`)
  return options
}

const WITH_RESUME: Name[] = ['resume', 'jobs', 'json']
/** What an experiment says, and the command line may say otherwise. */
const OVERRIDES = ['proxies', 'boots', 'duration'] as const
const hostInContainer = (engine: string) =>
  `--kernel host: not beside --engine ${engine}, whose containers may make no namespaces; expected kernels in virtual machines, such as --kernel 6.1, or --engine local`
const KVM_IN_SWARM =
  '--accel kvm: not beside --engine swarm, as Swarm gives no device to a service; expected auto or tcg, or --engine docker on each machine, with --shard'
const REGISTRY_ALONE = '--registry: only beside --engine swarm, whose nodes fetch the image of the lab from it'
const machineInContainer = (engine: string) =>
  `--guest vagrant: not beside --engine ${engine}, whose containers have no Vagrant; expected --engine local`
const SEVERAL_USERS = '--users: several numbers beside --rate, where one says how many connections there are at most'

/** Mistakes of the command line as a whole, and names of kernels, cases and proxies that do not exist. */
async function check({ typed, words, mistakes }: CommandLine): Promise<Further> {
  const before: string[] = [...halfOfMine(typed)]
  for (const word of words) before.push(`${word}: expected an option${await optionFor(word)}`)
  if (typed.resume !== undefined) {
    const others = (Object.keys(typed) as Name[]).filter((name) => !WITH_RESUME.includes(name))
    for (const name of others)
      before.push(`--${OPTIONS[name].flag}: beside --resume only --jobs and --json; the rest is saved with the run`)
    return { before }
  }
  if (typed.guest === 'vagrant') before.push(...intoMachines(typed))
  else if (typed.keep) before.push('--keep: without --guest vagrant there is nothing to keep')
  const lists = typed as Partial<Record<Name, string[]>>
  const { kernels = [], users = [], rates = [] } = lists
  if (typed.guest !== 'vagrant') before.push(...withoutMachine(lists))
  const { engine = 'local' } = typed as { engine?: string }
  if (engine !== 'local' && kernels.includes('host')) before.push(hostInContainer(engine))
  if (engine !== 'local' && typed.guest === 'vagrant') before.push(machineInContainer(engine))
  if (engine === 'swarm' && typed.accel === 'kvm') before.push(KVM_IN_SWARM)
  if (engine !== 'swarm' && typed.registry !== undefined) before.push(REGISTRY_ALONE)
  if (!kernels.length && !mistakes.length && !before.length) before.push(NO_KERNEL)
  if (users.length > 1 && rates.length) before.push(SEVERAL_USERS)
  if (typed.banner && typed.keepAlive !== undefined) before.push(TWO_EXCHANGES)
  if (typed.experiments !== undefined) before.push(...besideExperiment(Object.keys(typed) as Name[]))
  return { before, after: await unknownNames(lists) }
}

/** Makes machines of the kernels that were typed. @returns what is wrong with those that are none */
function intoMachines(typed: CommandLine['typed']): string[] {
  const names = Array.isArray(typed.kernels) ? typed.kernels : []
  const machines = names.map((name) => ({ name, spec: `vagrant:${name}` }))
  const wrong = machines.filter(({ spec }) => !isMachine(spec))
  if (names.length) typed.kernels = machines.map(({ spec }) => spec).filter(isMachine)
  return wrong.map(
    ({ name }) => `--kernel ${name}: beside --guest vagrant, expected a machine of the Vagrantfile, such as k4-9`,
  )
}

const besideExperiment = (typed: Name[]): string[] => {
  const flags = (names: readonly Name[]) => names.map((name) => `--${OPTIONS[name].flag}`)
  const others = flags(typed.filter((name) => (OPTIONS[name] as Option).notBesideExperiment))
  return others.map(
    (flag) =>
      `${flag}: beside --experiment, which says which cases, loads and pauses it is made of; what it leaves open: ${flags(OVERRIDES).join(', ')}`,
  )
}

/** The option that a word without one may belong to, as a question. */
async function optionFor(word: string): Promise<string> {
  const asked = (flag: string) => `: did you mean --${flag} ${word}?`
  if (existsSync(join(word, 'plan.json'))) return asked('resume')
  if (!(await wrongKernels([word])).length) return asked('kernel')
  if (!(await wrongCases([word])).length) return asked('case')
  return (await wrongExperiments([word])).length ? ', such as --kernel 6.1' : asked('experiment')
}
