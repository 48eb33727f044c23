import type { Case, Proof } from '../../model/case/case.ts'
import { cpuKinds } from '../../model/result/machine.ts'
import type { Measured } from '../../model/result/measured.ts'
import type { Boot, Provenance } from '../../model/result.ts'
import { disagreements } from '../numbers/account/reconcile.ts'
import type { Tally } from '../numbers/tally.ts'
import { plural, sentences } from '../words.ts'
import { type Pins, unpinned } from './pins.ts'

/** What it takes to say whether the numbers of a cell can be believed. */
export interface CellEvidence {
  case: Pick<Case, 'needs' | 'reload' | 'proof' | 'control' | 'cpus'>
  guest: Provenance['guest']
  /** Each boot is checked, as errors of two boots may cancel out in their sum. */
  boots: BootEvidence[]
  measured: Measured
}

type BootEvidence = { pins: Pins } & Pick<Boot, 'clocksource' | 'machine'> &
  Pick<
    Tally,
    'clockSkewUs' | 'resets' | 'refused' | 'wire' | 'causes' | 'resetsByReload' | 'proof' | 'service' | 'price'
  >

/** The share of the resets that may have no cause. */
const MOST_UNEXPLAINED = 0.01
/**
 * The share of the resets that may have been completing. Only the RSTs show that cause; the counters just leave it over,
 * so a wrong counter would look like it. Runs show at most 0.013, and 0.074 for `two-step` under half of the capacity,
 * which resets few connections otherwise.
 */
const MOST_COMPLETING = 0.1
/**
 * How many may be completing at a reload where the kernel migrates connections, which leaves hardly any other resets. Runs
 * show 0.10 at most; those of the variant migration-traced show it with the stack of each RST.
 */
const MOST_COMPLETING_PER_RELOAD = 0.25
/** The share of the resets that may come in the pause, after everything that a close causes: runs show 0.003. */
const MOST_IN_PAUSE = 0.03
/** Resets up to this number say nothing about their shares. */
const FEW = 3

/** Reasons not to believe the numbers of a cell, whatever they are; empty when there is none. */
export function doubtsAbout({ case: tested, guest, boots, measured }: CellEvidence): string[] {
  const { reloads, resets, causes, resetsBeforeReloads, resetsByPart } = measured
  const migrates = tested.needs?.features?.includes('migration') ?? false
  const mostCompleting = Math.max(FEW, MOST_COMPLETING * resets, migrates ? MOST_COMPLETING_PER_RELOAD * reloads : 0)
  return [
    ...sentences([
      cpuKinds(boots).length > 1,
      `its boots ran on different kinds of CPU, and are not one measurement: ${cpuKinds(boots).join('; ')}`,
    ]),
    ...overBoots(boots.map((boot) => bootDoubts(tested, guest, boot))),
    ...sentences(
      [
        causes.unexplained > MOST_UNEXPLAINED * resets,
        resets
          ? `the kernel's counters do not explain ${causes.unexplained} of ${resets} resets`
          : `the kernel's counters show ${plural(causes.unexplained, 'reset')} that the generator did not count`,
      ],
      [
        measured.kept !== null && measured.kept.resets > causes.closed,
        `${measured.kept?.resets} resets were of reused connections, of which the kernel's counters and the RSTs show ${causes.closed} closed by the proxy`,
      ],
      [
        causes.completing > mostCompleting,
        `EstabResets and the RSTs disagree on ${causes.completing} of ${resets} resets`,
      ],
      [
        // On one CPU the reloader may go on before the old process has carried out its close().
        // Kept connections it may close as long as it lives.
        tested.cpus !== 'one' && !measured.kept && resetsByPart.pause > Math.max(FEW, MOST_IN_PAUSE * resets),
        `${resetsByPart.pause} of ${resets} resets came in the pause between reloads, not during a reload`,
      ],
      [
        tested.reload !== false && resetsBeforeReloads > 0,
        `${plural(resetsBeforeReloads, 'reset')} came before the first reload`,
      ],
    ),
  ]
}

/** Doubts that all boots share, once; then those of single boots, with the boot. */
function overBoots(doubts: string[][]): string[] {
  const shared = doubts[0]!.filter((doubt) => doubts.every((boot) => boot.includes(doubt)))
  const single = doubts.flatMap((boot, i) =>
    boot.filter((doubt) => !shared.includes(doubt)).map((doubt) => `boot ${i + 1}: ${doubt}`),
  )
  return [...shared, ...single]
}

/** Reasons not to believe the numbers of one boot. */
function bootDoubts(tested: CellEvidence['case'], guest: CellEvidence['guest'], boot: BootEvidence): string[] {
  const { resetsByReload, service, pins, clocksource, clockSkewUs } = boot
  return [
    ...disagreements(boot).map((difference) => `the counts disagree: ${difference}`),
    ...sentences([tested.reload !== false && !resetsByReload.length, 'no reload was made']),
    ...(tested.control ? [] : unproven(tested.proof, boot)),
    ...sentences([service === null, 'the guest did not report whether the service answered at the end']),
    ...unpinned(tested.cpus, guest, pins),
    ...sentences(
      [clocksource === 'jiffies', "the guest's clock advances in steps of milliseconds (jiffies)"],
      [clockSkewUs > 0, `the clocks of the CPUs disagree by ${clockSkewUs} µs`],
    ),
  ]
}

/** Why a mitigation may not have acted at all. */
function unproven(declared: Proof | undefined, { proof }: Pick<Tally, 'proof'>): string[] {
  if (declared === undefined)
    return ['the case declares no proof that it acted (see "proof" in lab/model/case/case.ts)']
  if (typeof declared === 'string') return []
  const { shows, least, every } = declared
  if (!proof) return [`the case did not prove that it acted: the guest did not report how many ${shows} there were`]
  const failed = proof.byReload?.filter((value) => value < least).length
  if (every && failed)
    return [`the case did not act in ${failed} of ${plural(proof.byReload!.length, 'reload')}: too few ${shows}`]
  return sentences([proof.value < least, `the case did not act: ${proof.value} ${shows}`])
}
