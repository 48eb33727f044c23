import * as v from 'valibot'
import { Adoption, Client, Price } from './case/case.ts'
import { Load } from './case/load.ts'
import { NETWORKS } from './case/network.ts'
import { Accel, Answer, Guest, ProxyFacts } from './cell.ts'
import { ExperimentFacts } from './experiment.ts'
import { amount, count } from './numbers.ts'
import { Claim } from './result/claim.ts'
import { Lost } from './result/lost.ts'
import { Machine } from './result/machine.ts'
import { Measured } from './result/measured.ts'
import { Shard } from './result/shard.ts'

export const VERDICTS = ['expected', 'contradicts', 'inconclusive', 'failed'] as const

/** What carries cells to a machine: this one, that of a Docker daemon, or the nodes of a Docker Swarm. */
export const ENGINES = ['local', 'docker', 'swarm'] as const

/** Where one boot of a cell ran and how it can be run again. */
export const Boot = v.object({
  /** Inside the cell's folder: events.jsonl, console.log, command.txt, cell/. */
  folder: v.string(),
  /** How often its guest was started: more than once when it died before its first event. */
  starts: count,
  /** Milliseconds from the start of the guest to its first event. */
  bootMs: v.nullable(amount),
  /** Milliseconds from the start of the guest to its end, starts again included; null: not measured. */
  tookMs: v.optional(v.nullable(amount), null),
  /** As read back while the load ran, from inside (proxy, generator) and, for QEMU, from outside (vCPU threads). */
  pins: v.object({
    proxy: v.string(),
    generator: v.string(),
    vcpus: v.array(v.string()),
    /** The vCPU threads again, behind the last reload. */
    vcpusAtEnd: v.array(v.string()),
  }),
  /** Share of the time that the vCPU threads (or, on the host, the pinned programs) waited for a CPU: 0 to 1. */
  waited: v.nullable(amount),
  /** Share of the time of their host CPUs that this host's own hypervisor took (steal in /proc/stat): 0 to 1. */
  stolen: v.nullable(amount),
  clocksource: v.nullable(v.string()),
  /** The exact command that started the guest. */
  command: v.array(v.string()),
  /** Where it was begun before, on machines that went away meanwhile. */
  lost: v.optional(v.array(Lost)),
  /** Where it was carried out. Runs before 2026-12 have it in `host` alone. */
  machine: v.optional(Machine),
  /** There where both host CPUs were threads of one physical core: proxy and generator slowed each other. */
  oneCore: v.optional(v.literal(true)),
})

/** What a cell is, where it ran and how it can be run again. */
export const Provenance = v.object({
  kernel: v.string(),
  series: v.string(),
  case: v.string(),
  guest: Guest,
  accel: Accel,
  /** What was between clients and proxy. */
  network: v.optional(v.picklist(NETWORKS), 'loopback'),
  proxy: ProxyFacts,
  /** SHA-256 of the kernel image; null for the running kernel. */
  kernelSha256: v.nullable(v.string()),
  /**
   * What its guests were made of, by content, as in its plan (lab/model/cell.ts): what was booted, kernel modules,
   * userland, the lab's programs, the proxy, and ab where it is the client. Runs before 2026-12 have it in their plans alone.
   */
  parts: v.optional(
    v.object({
      image: v.nullable(v.string()),
      modules: v.nullable(v.string()),
      userland: v.string(),
      programs: v.string(),
      proxy: v.string(),
      ab: v.optional(v.string()),
    }),
  ),
  /** /proc/version, as the guest's kernel says it. */
  kernelVersion: v.nullable(v.string()),
  load: Load,
  /** Seed of the permutations that comparisons draw. */
  seed: count,
  /** Whether something else slowed the cell: then its numbers, counts of resets included, are also the machine's. */
  noisy: v.boolean(),
  /** What told so; empty when nothing did. */
  noise: v.array(v.string()),
  /** In how many boots it was measured. */
  boots: count,
  /** In a run until sure: the most boots that it could have; null where their number was fixed. */
  mostBoots: v.optional(v.nullable(count), null),
  /** In a run until sure: the boot after which its verdict was decided; null: it was not. */
  decidedAfter: v.optional(v.nullable(count), null),
  /** Those boots, in order; of a cell that failed, those that began. */
  eachBoot: v.array(Boot),
  /** Folder of the cell inside the run, with a folder a boot. */
  folder: v.string(),
  /** In a run that was put together from shards: the number of the one that measured it. */
  shard: v.optional(count),
})

export const Verdict = v.object({ verdict: v.picklist(VERDICTS), reason: v.string() })

/** A cell that measured something, so that it has not failed. */
export const MeasuredCell = v.object({
  ...Provenance.entries,
  ...Measured.entries,
  ...Verdict.entries,
  verdict: v.pipe(Verdict.entries.verdict, v.notValue('failed', 'expected, contradicts or inconclusive')),
})
/** A cell that did not end well: never a number, always a reason and the tail of the console. */
export const FailedCell = v.object({
  ...Provenance.entries,
  verdict: v.literal('failed'),
  reason: v.string(),
  consoleTail: v.array(v.string()),
})

/** Cells that were not run. A kernel that could not be had is skipped as a whole: its case is '*'. */
export const Skipped = v.object({
  kernel: v.string(),
  case: v.string(),
  /** The proxy, where there are several in the run. */
  proxy: v.optional(v.string()),
  reason: v.string(),
  /** The feature that the kernel lacks, by its name in cases/case.ts; what the probe said is in `reason`. */
  feature: v.optional(v.string()),
})

/** A kernel of the run: what it is, and what it can do by its own account. */
export const KernelFacts = v.object({
  /** `uname -r`, as in the cells. */
  kernel: v.string(),
  series: v.string(),
  /** What asked for it, as `--kernel` takes it. Runs before 2026-12 do not say. */
  asked: v.optional(v.array(v.string())),
  /** Where it came from: the live mirror, Debian's archive or snapshot, a path of the user's, the running kernel. */
  origin: v.picklist(['live', 'archive', 'snapshot', 'yours', 'host', 'vagrant']),
  /** Debian's version of the package; null for a kernel that is not Debian's. */
  version: v.nullable(v.string()),
  /** SHA-256 of the image, and of the package that it came in; null where there is none. */
  imageSha256: v.nullable(v.string()),
  packageSha256: v.nullable(v.string()),
  /** The configuration that it was built with, as a file in the run's folder; null where it is not known. */
  config: v.nullable(v.object({ file: v.string(), sha256: v.string() })),
  /** What the probes found, by the features of cases/case.ts. */
  features: v.record(v.string(), Answer),
})

/** Static facts of the cases in a result, so that a report can be made from the result alone. */
export const CaseFacts = v.object({
  name: v.string(),
  /** The proxy that they are of, where they differ between the proxies of the run. */
  proxy: v.optional(v.string()),
  title: v.string(),
  idea: v.string(),
  source: v.string(),
  control: v.optional(v.picklist(['positive', 'negative'])),
  /** The case that it is compared with, where that is not the positive control. */
  against: v.optional(v.string()),
  /** False: its reload leaves the processes that serve as they are, so that it has nothing to prevent. */
  replaces: v.optional(v.literal(false)),
  /** What is between clients and proxy, where that is not the loopback. */
  network: v.optional(v.literal('veth')),
  /** What holds of its listeners at each reload, see lab/model/case/case.ts. */
  listeners: v.optional(v.picklist(['kept', 'fewer', 'anew'])),
  /** How its clients differ from those that the run asked for: what its cells' loads say beyond other loads of that name. */
  client: v.optional(Client),
  /**
   * The commands, by moment: setup, start, ready, prepare, before, reload, after, proof; and serving, which says who serves.
   * start and serving stand there where they are not the proxy's own. And lines of the `configuration`.
   */
  commands: v.record(v.string(), v.array(v.string())),
  /** What its proof shows, as a noun: "SYNs that its rule dropped". */
  proof: v.optional(v.string()),
  /** What it says that it may cost. */
  price: v.optional(Price),
  drawbacks: v.array(v.string()),
  /** What it needs of kernel and proxy, a phrase each: "Linux 5.14 or later". */
  needs: v.optional(v.array(v.string())),
  /** What an operator writes down to have it, see lab/model/case/case.ts. */
  adopt: v.optional(v.array(Adoption)),
  /** Whose everyday reload it is. */
  everyday: v.optional(v.string()),
})

/** The machine of a run. */
const Host = v.object({
  kernel: v.string(),
  cpu: v.string(),
  cpus: count,
  /** What QEMU says its version is: of a run in Vagrant's machines that of their provider; null where none is known. */
  qemu: v.nullable(v.string()),
  /** What carried the cells to that machine; runs before 2026-12 do not say. */
  engine: v.optional(v.picklist(ENGINES)),
  /** The image in whose containers they ran, by its name, which tells the lab's files in it, and what it is built from. */
  image: v.optional(v.string()),
  /**
   * Docker's Id of that image, which tells all of its content: images that were built apart under one name may have
   * different packages in them. Runs before 2026-12 do not say.
   */
  imageId: v.optional(v.string()),
  /** What runs the machines of Vagrant: "libvirt"; and, where `qemu` is null because of that, why it is not known. */
  provider: v.optional(v.string()),
  /** Versions of what else the run was made with: node, gcc, docker. */
  tools: v.optional(v.record(v.string(), v.string())),
})

/** What an operator says of a proxy of their own, in which numbers of a run are told, too. */
export const Mine = v.object({
  /** Connections a second. */
  rate: amount,
  /** Reloads a second. */
  reloads: amount,
})

/** A shard of a run that was put together. */
export const ShardFacts = v.object({
  /** Its number, from 1. */
  index: count,
  /** Where it was carried out. */
  host: Host,
  /** How many cells it has. */
  cells: count,
  /** As in a result. Runs that were put together before 2026-12 do not have them. */
  sources: v.optional(v.record(v.string(), v.string())),
})

/** result.json. */
export const Result = v.object({
  schema: v.literal(2),
  name: v.string(),
  /** ISO 8601, UTC. */
  started: v.string(),
  /** Wall seconds of the whole run. */
  seconds: amount,
  /** The lab's command line. */
  argv: v.array(v.string()),
  lab: v.object({
    version: v.string(),
    commit: v.nullable(v.string()),
    /**
     * A hash of what decides a run and was not committed: what git tells to have changed, and new files. None where
     * nothing was, or git does not know; runs before 2026-12 do not say.
     */
    changes: v.optional(v.string()),
    /**
     * A hash of the files that decide a run, where git does not know them: outside of a repository, and in the lab's
     * image. Runs before 2026-12 do not say.
     */
    files: v.optional(v.string()),
  }),
  host: Host,
  /** Debian's version of each source package that was built for the run: haproxy, busybox, iptables, iproute2. */
  sources: v.optional(v.record(v.string(), v.string())),
  /** Which part of a run it is; a whole run does not say. */
  shard: v.optional(Shard),
  /** The shards that it was put together from, and the numbers of those that are missing of it. */
  shards: v.optional(v.object({ of: count, missing: v.array(count), each: v.array(ShardFacts) })),
  cells: v.array(v.variant('verdict', [FailedCell, MeasuredCell])),
  skipped: v.array(Skipped),
  /** The kernels of the cells, the oldest first. */
  kernels: v.optional(v.array(KernelFacts), []),
  cases: v.array(CaseFacts),
  mine: v.optional(Mine),
  /** The experiments that the cells are of; none where the command line named cases and loads. */
  experiments: v.optional(v.array(ExperimentFacts), []),
  /** What others say that these experiments test. */
  claims: v.optional(v.array(Claim)),
  /** True when the run was interrupted: the cells are those that had ended. */
  interrupted: v.boolean(),
})

export type Boot = v.InferOutput<typeof Boot>
export type Provenance = v.InferOutput<typeof Provenance>
export type MeasuredCell = v.InferOutput<typeof MeasuredCell>
export type FailedCell = v.InferOutput<typeof FailedCell>
export type Skipped = v.InferOutput<typeof Skipped>
export type KernelFacts = v.InferOutput<typeof KernelFacts>
export type CaseFacts = v.InferOutput<typeof CaseFacts>
export type Mine = v.InferOutput<typeof Mine>
export type Result = v.InferOutput<typeof Result>
export type Verdict = (typeof VERDICTS)[number]
/** A cell of a result. */
export type ResultCell = MeasuredCell | FailedCell

/** Whether a cell measured something. */
export const isMeasured = (cell: ResultCell): cell is MeasuredCell => cell.verdict !== 'failed'
