import * as v from 'valibot'
import { Request } from '../../../model/request.ts'
import { MOST_SHARDS } from '../../../model/result/shard.ts'
import { ENGINES } from '../../../model/result.ts'
import { type Group, number, present, text } from '../option.ts'

const { accel, seed } = Request.entries

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

/** Where and in which parts a run is carried out. */
export const RUN = {
  title: 'How it is run:',
  options: {
    accel: {
      flag: 'accel',
      value: 'ACCEL',
      schema: v.optional(accel, 'auto'),
      help: 'auto: with KVM where a kernel boots with it, else emulated; kvm; tcg',
      verbs: ['run', 'shell', 'doctor'],
    },
    engine: {
      flag: 'engine',
      value: 'ENGINE',
      schema: v.optional(v.picklist(ENGINES), 'local'),
      help: 'where cells run: local: here; docker: in containers of a Docker daemon (DOCKER_HOST), so that this host, Linux on x86-64, needs nothing but Node.js; swarm: on the nodes of a Docker Swarm, from such a host. See lab/engine/README.md',
      verbs: ['run', 'doctor'],
    },
    registry: {
      flag: 'registry',
      value: 'HOST:PORT',
      schema: v.optional(registry),
      help: 'with --engine swarm, a registry without a password, by the address at which every node reaches it: the nodes fetch the image from there; needed where there is more than one',
      verbs: ['run'],
    },
    guest: {
      flag: 'guest',
      value: 'GUEST',
      schema: v.optional(v.picklist(['vagrant'])),
      unset: 'virtual machines of the lab, and host as --kernel says',
      help: 'vagrant: each --kernel names a machine of the Vagrantfile (k4-9, a stock Debian), which is brought up, measured in fresh namespaces, and left as it was found: destroyed, halted, suspended or running',
      verbs: ['run', 'doctor'],
    },
    keep: {
      flag: 'keep',
      schema: present,
      help: 'leave the machines up that --guest vagrant brought up',
      verbs: ['run'],
    },
    jobs: {
      flag: 'jobs',
      value: 'N',
      schema: v.optional(number(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(256)))),
      unset: '1; with --engine swarm what its nodes carry',
      help: 'boots side by side, each on two CPUs of its own while there are enough',
      verbs: ['run'],
    },
    seed: {
      flag: 'seed',
      value: 'N',
      schema: v.optional(number(seed), '1'),
      help: "seed of the comparisons' permutations",
      verbs: ['run'],
    },
    shard: {
      flag: 'shard',
      value: 'K/N',
      schema: v.optional(shard),
      help: 'measure only the K-th of N parts of the run, which are about equally long, as on one of N machines; npx tsx lab/compare.ts puts them together',
      verbs: ['run'],
    },
    plan: {
      flag: 'plan',
      schema: present,
      help: 'tell what the run would be, and boot, fetch and build nothing: its cells, what is left out and why, and about how long it takes; with --shard what that shard has',
      verbs: ['run'],
    },
    resume: {
      flag: 'resume',
      value: 'RUN',
      schema: v.optional(text('the folder of a run')),
      help: 'run what is missing of an interrupted run, as it was planned; only --jobs and --json may stand beside it',
      verbs: ['run'],
    },
    unit: {
      flag: 'unit',
      schema: present,
      help: 'unit tests only',
      verbs: ['test'],
    },
    install: {
      flag: 'install',
      schema: present,
      help: 'install missing packages of the host by sudo without asking; as root, and where CI is set, nobody is asked anyway',
      verbs: ['run', 'shell'],
    },
    noInstall: {
      flag: 'no-install',
      schema: present,
      help: 'never install missing packages of the host',
      verbs: ['run', 'shell'],
    },
    clean: {
      flag: 'clean',
      schema: present,
      help: 'remove what killed runs have left: temporary files, the containers of a Docker daemon, and the services and configs of a Swarm that it manages. Set DOCKER_HOST as it was set for the run. What a living lab works with stays, and so do machines of Vagrant: see lab/engine/README.md',
      verbs: ['doctor'],
    },
  },
} as const satisfies Group
