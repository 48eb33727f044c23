import type { Case, Expectation } from '../../model/case.ts'
import type { Measured } from '../../model/measured.ts'

/** The share of connections that may be slow without being declared: some always are. */
const FEW_SLOW = 0.01
/** The share of connections a second that a case may cost undeclared: below that it is an outage. */
const THROUGHPUT = 0.5
/** Reloads take the proxy's CPU from it: so much they may cost without any mitigation, against the quiet second. */
const RELOADS_ALONE = 0.9

const percent = (share: number) => `${Math.round(100 * share)} %`

/** What a case cost and did not declare: in connections lost otherwise than by a reset, in time, in service. */
export interface Undeclared {
  /** Lost connections, and a service that is gone: nothing excuses them. */
  losses: string[]
  /** Slow connections and throughput: on a noisy machine they may be the machine's. */
  slowness: string[]
}

/**
 * @param control what the case `none` measured in the same run; undefined for itself
 * @param theory what is expected of the case on this kernel
 */
export function undeclared(
  { price, reload }: Pick<Case, 'price' | 'reload'>,
  measured: Measured,
  control: Measured | undefined,
  theory: Expectation | undefined,
): Undeclared {
  const { service, priced, slow } = measured
  const unless = (declared: unknown, count: number, what: string) => (!declared && count ? [`${count} ${what}`] : [])
  const gone = service !== null && service.answered < service.asked
  const slowShare = (of: Measured) => (of.priced ? of.slow / of.priced : 0)
  const tooSlow = slowShare(measured) > Math.max(FEW_SLOW, 2 * (control ? slowShare(control) : 0))
  const cost = throughputCost(measured, control)
  const most = price.throughput ?? (control || reload === false ? THROUGHPUT : RELOADS_ALONE)
  return {
    losses: [
      ...(gone ? [`when all was over the service answered ${service.answered} of ${service.asked} connections`] : []),
      ...unless(price.refused ?? theory?.refused, measured.refused, 'refused'),
      ...unless(price.timeouts, measured.timeouts, 'timed out'),
      ...unless(price.short, measured.short, 'cut short'),
      ...unless(price.other, measured.other, 'lost otherwise'),
    ],
    slowness: [
      ...(!price.slow && tooSlow ? [`${slow} of ${priced} connections slow`] : []),
      ...(cost !== null && cost > most
        ? [
            `${percent(cost)} fewer connections a second than ${control ? 'without a mitigation' : 'before the first reload'}`,
          ]
        : []),
    ],
  }
}

/** The share of connections a second that were lost against the control, else against the quiet second; null: unknown. */
function throughputCost({ throughput, quietThroughput }: Measured, control: Measured | undefined): number | null {
  const without = control ? control.throughput : quietThroughput
  return without ? 1 - throughput / without : null
}
