import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import * as v from 'valibot'
import { DEFAULT_PROXY, PROXIES } from '../../../images/proxies/proxies.ts'
import { Request } from '../../model/request.ts'
import { ENGINES } from '../../model/result.ts'
import { MOST_SHARDS } from '../../model/shard.ts'
import { either } from '../../model/text/spelling.ts'
import { frequency, names, number, numbers, type Option, present, text } from './option.ts'

const { users, rates, maxaccepts } = Request.entries

/** A URI without its last slashes, so that paths can be appended. */
const uri = v.pipe(
  v.string(),
  v.url('a URI that begins with http:, https: or file:'),
  v.regex(/^(https?|file):/, 'a URI that begins with http:, https: or file:'),
  v.transform((text) => text.replace(/\/+$/, '')),
)

const armoured = (file: string) => readFileSync(file, 'latin1').startsWith('-----BEGIN')

const keyring = v.pipe(
  v.string(),
  v.nonEmpty('a file with public keys'),
  v.transform((file) => resolve(file)),
  v.check(
    (file) => existsSync(file),
    ({ input }) => `expected a file with public keys, and there is no ${input}`,
  ),
  v.check(
    (file) => !existsSync(file) || !armoured(file),
    ({ input }) => `expected keys as gpgv reads them, not in ASCII armour: gpg --dearmor ${input}`,
  ),
)

/** A registry as the names of images have it: no scheme, no path; a name without a dot or port would be a repository. */
const registry = v.pipe(
  v.string(),
  v.regex(/^([\w-]+(\.[\w-]+)+|[\w-]+(?=:)|localhost)(:\d+)?$/, 'HOST:PORT of a registry, such as 10.0.0.1:5000'),
)

/** `2/8`: the second of eight shards. */
const shard = v.pipe(
  v.string(),
  v.regex(/^\d{1,4}\/\d{1,4}$/, 'the number of a shard and how many there are, such as 2/8'),
  v.transform((text) => {
    const [index, of] = text.split('/').map(Number) as [number, number]
    return { index, of }
  }),
  v.check(
    ({ of }) => of >= 1 && of <= MOST_SHARDS,
    ({ input: { index, of } }) => `expected 1 to ${MOST_SHARDS} shards, not ${index}/${of}`,
  ),
  v.check(
    ({ index, of }) => of < 1 || of > MOST_SHARDS || (index >= 1 && index <= of),
    ({ input: { index, of } }) => `expected one of the shards 1/${of} to ${of}/${of}, not ${index}/${of}`,
  ),
)

/** Boots of each cell, and seconds of reloads in each, where nothing else is asked for. */
export const FIXED = { boots: 2, duration: 4 }
/**
 * The same until sure. Most cells are decided after one boot, which takes 3 s beside its reloads: enough of them must fit in
 * to tell a case that loses nothing from one that loses at nearly every reload.
 */
export const UNTIL_SURE = { boots: 10, duration: 1.5 }

/** All options, once, by the names that their values have in the code. */
export const OPTIONS = {
  kernels: {
    flag: 'kernel',
    value: 'KERNEL',
    list: true,
    schema: v.optional(names(), []),
    help: "a series (6.1), an exact version, a path, or host: the running kernel in fresh namespaces. Lists (5.10,6.1) and globs ('6.*'); may be repeated. A path is a bzImage, a .deb, a directory of .debs, a built kernel tree, or a directory with boot and lib/modules",
    group: 'measured',
  },
  cases: {
    flag: 'case',
    value: 'CASE',
    list: true,
    schema: v.optional(names(), ['*']),
    unset: 'all but variants',
    help: 'a case, a glob, or the path of your own (./my-case.ts); lists; may be repeated',
    group: 'measured',
  },
  experiments: {
    flag: 'experiment',
    value: 'NAME',
    list: true,
    schema: v.optional(names(), []),
    help: 'a question with cases, loads and proxies of its own, such as a table of the article; a glob; lists; may be repeated. Which there are: npx tsx lab/list.ts experiments',
    group: 'measured',
  },
  proxies: {
    flag: 'proxy',
    value: 'PROXY',
    list: true,
    schema: v.optional(names()),
    unset: `${DEFAULT_PROXY}; on Linux 4.9 and older that of the kernel's time`,
    help: `${either(PROXIES.map(({ name }) => name))}, alone, with a series (${DEFAULT_PROXY}) or with the path of a static binary (haproxy:./haproxy); beside --guest vagrant haproxy:distribution, the machine's own; lists; may be repeated`,
    group: 'measured',
  },
  haproxies: {
    flag: 'haproxy',
    value: 'X',
    list: true,
    schema: v.optional(names()),
    help: 'short for --proxy haproxy:X',
    group: 'measured',
  },
  maxaccepts: {
    flag: 'maxaccept',
    value: 'N',
    list: true,
    schema: numbers(maxaccepts.wrapped.item),
    unset: "the proxy's own",
    help: 'connections that the proxy accepts in one go; -1: all; lists',
    group: 'measured',
  },
  users: {
    flag: 'users',
    value: 'N',
    list: true,
    schema: numbers(users.wrapped.item),
    help: 'closed loop: connections at a time; lists. Beside --rate one number: the most at a time, else 4000',
    group: 'load',
  },
  rates: {
    flag: 'rate',
    value: 'R',
    list: true,
    schema: numbers(rates.wrapped.item),
    help: 'open loop: arrivals a second; lists',
    group: 'load',
  },
  boots: {
    flag: 'boots',
    value: 'N',
    schema: v.optional(number(Request.entries.boots)),
    unset: `${FIXED.boots}; with --until-sure ${UNTIL_SURE.boots}`,
    help: 'boots of each cell, with --until-sure at most; no cell boots again before all have booted as often',
    group: 'load',
  },
  untilSure: {
    flag: 'until-sure',
    schema: present,
    help: 'boot each cell only until its verdict is decided, looking after each of its short boots, at a level that allows for so many looks. What it is compared with boots along. --boots is the limit; noise and doubts end it, too',
    group: 'load',
  },
  duration: {
    flag: 'duration',
    value: 'S',
    schema: v.optional(number(Request.entries.duration)),
    unset: `${FIXED.duration}; with --until-sure ${UNTIL_SURE.duration}`,
    help: 'seconds of reloads in each boot',
    group: 'load',
  },
  interval: {
    flag: 'interval',
    value: 'MS',
    schema: v.optional(number(Request.entries.interval), '100'),
    help: 'pause after each reload, in milliseconds, in an open loop (half, --rate) once the accept queues are short again; with the time that a reload takes it decides how many there are',
    group: 'load',
  },
  banner: {
    flag: 'banner',
    schema: present,
    help: 'the server speaks first, as in SMTP or SSH: the client sends its line only after the greeting. Unless --users or --rate says otherwise, 80 connections at a time',
    group: 'load',
  },
  keepAlive: {
    flag: 'keep-alive',
    value: 'MS',
    schema: v.optional(v.nullable(number(Request.entries.keepAlive.wrapped)), null),
    help: 'connections are kept for up to 10 requests, with so many milliseconds between an answer and the next; half of them are POSTs. Unless --users or --rate says otherwise, 80 connections at a time',
    group: 'load',
  },
  fusedAck: {
    flag: 'fused-ack',
    schema: present,
    help: "the request carries the handshake's ACK (the article's -F)",
    group: 'load',
  },
  closeWithRst: {
    flag: 'close-with-rst',
    schema: present,
    help: "the client closes with a RST (the article's -c)",
    group: 'load',
  },
  slowMs: {
    flag: 'slow',
    value: 'MS',
    schema: v.optional(number(Request.entries.slowMs), '200'),
    help: 'a connection that takes so many milliseconds or more is slow',
    group: 'load',
  },
  accel: {
    flag: 'accel',
    value: 'ACCEL',
    schema: v.optional(Request.entries.accel, 'auto'),
    help: 'auto: with KVM where a kernel boots with it, else emulated; kvm; tcg',
    group: 'run',
  },
  engine: {
    flag: 'engine',
    value: 'ENGINE',
    schema: v.optional(v.picklist(ENGINES), 'local'),
    help: 'where cells run: local: here; docker: in containers of a Docker daemon (DOCKER_HOST), so that this host, Linux on x86-64, needs nothing but Node.js; swarm: on the nodes of a Docker Swarm, from such a host. See lab/engine/README.md',
    group: 'run',
  },
  registry: {
    flag: 'registry',
    value: 'HOST:PORT',
    schema: v.optional(registry),
    help: 'with --engine swarm, a registry without a password, by the address at which every node reaches it: the nodes fetch the image from there; needed where there is more than one',
    group: 'run',
  },
  jobs: {
    flag: 'jobs',
    value: 'N',
    schema: v.optional(number(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(256)))),
    unset: '1; with --engine swarm what its nodes carry',
    help: 'boots side by side, each on two CPUs of its own while there are enough',
    group: 'run',
  },
  guest: {
    flag: 'guest',
    value: 'GUEST',
    schema: v.optional(v.picklist(['vagrant'])),
    unset: 'virtual machines of the lab, and host as --kernel says',
    help: 'vagrant: each --kernel names a machine of the Vagrantfile (k4-9, a stock Debian), which is brought up, measured in fresh namespaces, and left as it was found: destroyed, halted, suspended or running',
    group: 'run',
  },
  keep: {
    flag: 'keep',
    schema: present,
    help: 'leave the machines up that --guest vagrant brought up',
    group: 'run',
  },
  seed: {
    flag: 'seed',
    value: 'N',
    schema: v.optional(number(Request.entries.seed), '1'),
    help: "seed of the comparisons' permutations",
    group: 'run',
  },
  resume: {
    flag: 'resume',
    value: 'RUN',
    schema: v.optional(text('the folder of a run')),
    help: 'run what is missing of an interrupted run, as it was planned; only --jobs and --json may stand beside it',
    group: 'run',
  },
  shard: {
    flag: 'shard',
    value: 'K/N',
    schema: v.optional(shard),
    help: 'measure only the K-th of N parts of the run, which are about equally long, as on one of N machines; npx tsx lab/compare.ts puts them together',
    group: 'run',
  },
  unit: {
    flag: 'unit',
    schema: present,
    help: 'unit tests only',
    group: 'run',
  },
  noInstall: {
    flag: 'no-install',
    schema: present,
    help: 'never install missing packages of the host',
    group: 'run',
  },
  clean: {
    flag: 'clean',
    schema: present,
    help: 'remove what killed runs have left: temporary files, the containers of a Docker daemon, and the services and configs of a Swarm that it manages. Set DOCKER_HOST as it was set for the run. What a living lab works with stays, and so do machines of Vagrant: see lab/engine/README.md',
    group: 'run',
  },
  mirror: {
    flag: 'mirror',
    value: 'URI',
    schema: v.optional(uri),
    help: 'a Debian mirror instead of the one that apt names here',
    group: 'supply',
    environment: true,
  },
  archive: {
    flag: 'archive',
    value: 'URI',
    schema: v.optional(uri),
    help: 'what to use instead of http://archive.debian.org, which holds releases that have left the mirrors',
    group: 'supply',
    environment: true,
  },
  snapshot: {
    flag: 'snapshot',
    value: 'URI',
    schema: v.optional(uri),
    help: 'what to use instead of http://snapshot.debian.org, which holds every package',
    group: 'supply',
    environment: true,
  },
  keyring: {
    flag: 'keyring',
    value: 'FILE',
    schema: v.optional(keyring),
    help: "keys to trust beside Debian's own",
    group: 'supply',
    environment: true,
  },
  offline: {
    flag: 'offline',
    schema: present,
    help: 'never use the network, only what is in the cache',
    group: 'supply',
    environment: true,
  },
  out: {
    flag: 'out',
    value: 'DIR',
    schema: v.optional(text('a directory')),
    unset: 'reports/<time>-<name>',
    help: 'where the result is saved: a folder that is new or empty',
    group: 'output',
  },
  root: {
    flag: 'root',
    value: 'DIR',
    schema: v.optional(text('a directory')),
    help: "lay the guest's root file system out in a folder that is new or empty, instead of booting it: what an initramfs would hold, and enter, which opens the shell on the machine where the folder lies. Without --kernel, for whichever runs there",
    group: 'output',
  },
  myRate: {
    flag: 'my-rate',
    value: 'N/UNIT',
    schema: v.optional(frequency),
    help: 'how many connections your own proxy gets: 5000/s. With --my-reloads the report tells what each case would lose you a day, from the load that is nearest',
    group: 'output',
  },
  myReloads: {
    flag: 'my-reloads',
    value: 'N/UNIT',
    schema: v.optional(frequency),
    help: 'how often you reload it: 1/min, 12/h, 3/day',
    group: 'output',
  },
  format: {
    flag: 'format',
    value: 'FORMAT',
    schema: v.optional(v.picklist(['tables', 'mail']), 'tables'),
    help: 'tables: tables and charts; mail: plain text of 72 columns for a list of developers, with versions, loads and the command',
    group: 'output',
  },
  json: {
    flag: 'json',
    schema: present,
    help: 'print the result as JSON instead of tables and charts',
    group: 'output',
  },
  help: { flag: 'help', schema: present, help: 'print this text', group: 'output' },
} as const satisfies Record<string, Option>

export type Name = keyof typeof OPTIONS
