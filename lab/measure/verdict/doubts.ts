import type { Case, Proof } from '../../model/case.ts'
import type { Measured } from '../../model/measured.ts'
import type { Boot, Provenance } from '../../model/result.ts'
import { disagreements } from '../numbers/reconcile.ts'
import type { Tally } from '../numbers/tally.ts'
import { type Pins, unpinned } from './pins.ts'

/** What is needed to say whether the numbers of a cell can be believed. */
export interface Doubtful {
  case: Pick<Case, 'reload' | 'proof' | 'control' | 'cpus'>
  guest: Provenance['guest']
  /** Each of its boots: where two are wrong the other way round, their sum is right. */
  boots: DoubtfulBoot[]
  measured: Measured
}

type DoubtfulBoot = { pins: Pins } & Pick<Boot, 'clocksource'> &
  Pick<
    Tally,
    'backwards' | 'resets' | 'refused' | 'wire' | 'causes' | 'connections' | 'resetsByReload' | 'proof' | 'service'
  >

/** Of all resets, the share that may be without a cause. */
const UNEXPLAINED = 0.01
/**
 * Of all resets, the share that may have been completing: the RSTs tell it apart, and the counters only by leaving it
 * over, so that a counter that is wrong would look like it. Runs show 0.013 at most, and `two-step` under half of the
 * capacity, where few are reset otherwise, 0.074.
 */
const COMPLETING = 0.1
/** Of all resets, the share that may come in the pause, when all that a close leaves has come: runs show 0.003. */
const IN_PAUSE = 0.03
/** So few resets say nothing of their shares. */
const FEW = 3
/** Local ports of a guest (images/guest/run.sh). */
const PORTS = 55_000

/** A count with its noun: "1 reset", "2 resets". */
export const plural = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`

const doubt = (when: boolean, why: string) => (when ? [why] : [])

/** Reasons not to believe the numbers of a cell, whatever they are. Empty when there is none. */
export function doubtsAbout({ case: of, guest, boots, measured }: Doubtful): string[] {
  const { resets, causes, resetsBeforeReloads, resetsByPart } = measured
  return [
    ...inBoots(boots.map((boot) => bootDoubts(of, guest, boot))),
    ...doubt(
      causes.unexplained > UNEXPLAINED * resets,
      resets
        ? `the kernel's counters explain all resets but ${causes.unexplained} of ${resets}`
        : `the kernel's counters show ${plural(causes.unexplained, 'reset')} that the generator does not have`,
    ),
    ...doubt(
      causes.completing > Math.max(FEW, COMPLETING * resets),
      `EstabResets and the RSTs disagree on ${causes.completing} of ${resets} resets`,
    ),
    // On one CPU the reloader may go on while the old process has yet to carry its close() through.
    ...doubt(
      of.cpus !== 'one' && resetsByPart.pause > Math.max(FEW, IN_PAUSE * resets),
      `${resetsByPart.pause} of ${resets} resets came in the pause between reloads, not with one`,
    ),
    ...doubt(
      of.reload !== false && resetsBeforeReloads > 0,
      `${plural(resetsBeforeReloads, 'reset')} before the first reload`,
    ),
  ]
}

/** What is the same in all boots is said once, else of each boot. */
function inBoots(each: string[][]): string[] {
  const common = each[0]!.filter((why) => each.every((doubts) => doubts.includes(why)))
  const others = each.flatMap((doubts, i) =>
    doubts.filter((why) => !common.includes(why)).map((why) => `boot ${i + 1}: ${why}`),
  )
  return [...common, ...others]
}

/** Reasons not to believe the numbers of one boot. */
function bootDoubts(of: Doubtful['case'], guest: Doubtful['guest'], boot: DoubtfulBoot): string[] {
  const { refused, connections, resetsByReload, service, pins, clocksource, backwards } = boot
  return [
    ...disagreements(boot).map((what) => `the counts disagree: ${what}`),
    // A SYN that finds its port's last connection in TIME_WAIT, and no listener, is answered for that one.
    ...doubt(
      refused > 0 && connections > PORTS,
      `${connections} connections have used each of ${PORTS} ports, and not always was there a listener: ` +
        'what meets a port in TIME_WAIT then waits for seconds (a shorter --duration, or a --rate)',
    ),
    ...doubt(of.reload !== false && !resetsByReload.length, 'no reload was made'),
    ...(of.control ? [] : unproven(of.proof, boot)),
    ...doubt(service === null, 'the guest did not say whether the service answered when all was over'),
    ...unpinned(of.cpus, guest, pins),
    ...doubt(clocksource === 'jiffies', 'the clock of the guest goes in steps of milliseconds (jiffies)'),
    ...doubt(backwards > 0, `the clocks of the CPUs disagree by ${backwards} µs`),
  ]
}

/** Why it is not sure that a mitigation did anything at all. */
function unproven(how: Proof | undefined, { proof }: Pick<Tally, 'proof'>): string[] {
  if (how === undefined) return ['the case has no proof that it acted: see "proof" in cases/case.ts']
  if (typeof how === 'string') return []
  const { shows, least, every } = how
  if (!proof) return [`the case did not prove that it acted: the guest told nothing of its ${shows}`]
  const failed = proof.byReload?.filter((value) => value < least).length
  if (every && failed)
    return [`the case did not act in ${failed} of ${plural(proof.byReload!.length, 'reload')}: too few ${shows}`]
  return proof.value >= least ? [] : [`the case did not act: ${proof.value} ${shows}`]
}
