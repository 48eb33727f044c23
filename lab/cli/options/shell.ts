import * as v from 'valibot'
import { DEFAULT_PROXY, PROXIES } from '../../../images/proxies/proxies.ts'
import { Request } from '../../model/request.ts'
import { either } from '../../model/text/spelling.ts'
import type { CommandLine } from './flags.ts'
import { FIXED } from './groups/load.ts'
import { NO_KERNEL, proxiesOf, TWO_EXCHANGES, unknownNames, withoutMachine } from './measured.ts'
import type { Option } from './option.ts'
import type { Further } from './parse.ts'
import { type Name, OPTIONS, optionsOf } from './table.ts'
import type { Values, Verb } from './verb.ts'

/** The load of the article: see lab/plan/loads.ts. */
const USERS = 80

/** `lab/shell.ts` as its help shows it. */
export const SHELL = {
  command: 'npx tsx lab/shell.ts',
  about:
    'A shell in a guest: the files of a cell in /cell, its proxy running, and the commands load and reload, which do what they do in a boot that is measured. Leave with exit; nothing is left behind.',
  usage: ['--kernel KERNEL [options]', '--kernel KERNEL [options] < COMMANDS', '--root DIR [options]'],
  options: optionsOf('shell'),
  says: {
    kernels:
      'a series (4.9), an exact version, a path, or host: the running kernel in fresh namespaces. A path is a bzImage, a .deb, a directory of .debs, a built kernel tree, or a directory with boot and lib/modules',
    cases: 'a case, or the path of your own (./my-case.ts) [none]',
    proxies: `${either(PROXIES.map(({ name }) => name))}, alone, with a series (${DEFAULT_PROXY}) or with the path of a static binary (haproxy:./haproxy) [${DEFAULT_PROXY}; on Linux 4.9 and older that of the kernel's time]`,
    maxaccepts: "connections that the proxy accepts in one go; -1: all [the proxy's own]",
    users: `closed loop: connections at a time [${USERS}]. Beside --rate: the most at a time, else 4000`,
    rates: 'open loop: arrivals a second',
    banner: 'the server speaks first, as in SMTP or SSH: the client sends its line only after the greeting',
    keepAlive:
      'connections are kept for up to 10 requests, with so many milliseconds between an answer and the next; half of them are POSTs',
  },
  titles: { measured: 'What is in the guest:', load: 'What load does, a closed loop unless --rate says otherwise:' },
  lacks: {
    engine: 'a shell opens on this machine only, and npx tsx lab/doctor.ts says what that needs',
  },
  examples: [
    'npx tsx lab/shell.ts --kernel 4.9',
    'npx tsx lab/shell.ts --kernel host --case fd-passing --rate 500',
    "echo 'load & sleep 2; reload; wait' | npx tsx lab/shell.ts --kernel 6.1",
    "echo 'reload && ss -tlnp' | npx tsx lab/shell.ts --kernel 5.10 --proxy nginx",
    'npx tsx lab/shell.ts --root /opt/hitless --case fd-passing',
  ],
  notes: `Commands may come on standard input: then their output, and nothing else, goes to stdout, and their errors to stderr. On a terminal the shell has one, too, and Ctrl-C is the guest's.
Exit status: that of the shell, so of its last command. Before it opens: 2 usage, 3 host not ready or kernel not obtainable. 4 the guest died; 130 interrupted.
Nothing is saved: npx tsx lab/run.ts measures.`,
} as const satisfies Verb

/** Whoever wants that of a distribution has no use for a guest of the lab's. */
const IN_MACHINES =
  'only lab/run.ts uses machines of Vagrant (--guest vagrant); in one its own haproxy is at hand: vagrant up k6-1; vagrant ssh k6-1'

/** The lists that may hold one item here, as one guest is started. */
const ONE: Name[] = optionsOf('shell').filter((name) => (OPTIONS[name] as Option).list)

/** Mistakes of the command line as a whole, and names that do not exist. */
export async function checkShell({ typed, words, mistakes }: CommandLine): Promise<Further> {
  const lists = typed as Partial<Record<Name, string[]>>
  const before = words.map((word) => `${word}: expected an option; commands come on standard input`)
  if (!lists.kernels?.length && typed.root === undefined && !mistakes.length && !before.length)
    before.push(NO_KERNEL.replace('to measure', 'to boot'))
  for (const name of ONE) {
    const values = lists[name] ?? []
    const several =
      values.length > 1 || (name === 'kernels' || name === 'cases' ? values.some((one) => /[*?]/.test(one)) : false)
    if (several) before.push(`--${OPTIONS[name].flag} ${values.join(',')}: expected one, as one guest is started`)
  }
  if (lists.proxies?.length && lists.haproxies?.length) before.push('--haproxy: beside --proxy; expected one of them')
  if (mistakes.some((mistake) => mistake.startsWith('--guest'))) before.push(`--guest vagrant: ${IN_MACHINES}`)
  before.push(...withoutMachine(lists, IN_MACHINES))
  if (typed.banner && typed.keepAlive !== undefined) before.push(TWO_EXCHANGES)
  return { before, after: await unknownNames(lists) }
}

/** What is to be had in the guest: a request for one cell, and what its case needs beside it. */
export function requestOf({ haproxies, ...values }: Values<typeof SHELL>): Request {
  return v.parse(Request, {
    ...values,
    kernels: values.kernels.length ? values.kernels : ['host'],
    cases: values.cases[0] === '*' ? ['none'] : values.cases,
    proxies: proxiesOf(values.proxies, haproxies),
    users: values.users ?? (values.rates ? null : [USERS]),
    boots: 1,
    duration: FIXED.duration,
    interval: v.parse(OPTIONS.interval.schema, undefined),
    seed: v.parse(OPTIONS.seed.schema, undefined),
  })
}
