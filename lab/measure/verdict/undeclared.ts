import type { Case, Expectation } from '../../model/case/case.ts'
import type { Load } from '../../model/case/load.ts'
import type { Measured } from '../../model/result/measured.ts'
import { list } from '../../model/text/amounts.ts'
import type { BootPrice } from '../numbers/reloads/price.ts'
import { percent, sentences } from '../words.ts'

/** The share of connections that may be slow undeclared: a few always are. */
export const FEW_SLOW = 0.01
/** The share of connections a second that a case may cost undeclared; more is an outage. */
const THROUGHPUT = 0.5
/** What reloads alone may cost against the quiet second, as they take the proxy's CPU from it. */
const RELOADS_ALONE = 0.9

/** The price that a case has and does not declare, as parts of a sentence. */
export interface UndeclaredPrice {
  /** Connections lost other than by a reset, and a service that is gone: nothing excuses these. */
  losses: string[]
  /** Slow connections and lost throughput: a noisy machine may cause these. */
  slowness: string[]
  /** Boots that were not slow, where others were; null where most were. */
  unlike: string | null
}

/** Where and how slow each boot of a cell was. */
type Boots = { price: Pick<BootPrice, 'reloads'> }[]

/** What the price of a cell follows from. */
interface Priced {
  case: Pick<Case, 'price' | 'reload'>
  load: Pick<Load, 'loop' | 'users' | 'slowMs'>
  measured: Measured
  boots: Boots
}

/**
 * Which control a price is told against: the positive one, or the negative one where the positive one refused connections
 * at its reloads. Such an outage slows those that come meanwhile, so that any case would look cheap beside it.
 */
export const pricedAgainst = <T extends Pick<Measured, 'refusedByReload'>>(
  positive: T | undefined,
  negative: T | undefined,
): T | undefined => (positive?.refusedByReload.some((count) => count > 0) ? negative : positive)

/**
 * Whether a closed loop makes its clients wait by itself: those ahead of one, in the queue or in service, take half of what
 * counts as slow. A reload doubles that.
 */
const waitsAnyway = ({ loop, users, slowMs }: Priced['load'], { throughput }: Measured) =>
  loop === 'closed' && 2 * users >= (slowMs / 1000) * throughput

/**
 * @param control what the price is told against, see {@link pricedAgainst}; undefined for a control itself
 * @param theory what is expected of the case on this kernel
 */
export function undeclaredPrice(
  { case: { price: general, reload }, load, measured, boots }: Priced,
  control: Measured | undefined,
  theory: Expectation | undefined,
): UndeclaredPrice {
  const price = { ...general, ...theory?.price }
  const { service, priced, slow, refused, timeouts, short, other } = measured
  const slowShare = (cell: Measured) => (cell.priced ? cell.slow / cell.priced : 0)
  const mostSlow = Math.max(FEW_SLOW, 2 * (control ? slowShare(control) : 0))
  const quick = boots.map(({ price: { reloads } }) => reloads.slow <= mostSlow * reloads.begun)
  const tooSlow = quick.includes(false) && (control !== undefined || !waitsAnyway(load, measured))
  const cost = throughputCost(measured, control)
  // Only another that reloads, too, lost as much of the CPU to them.
  const most = price.throughput ?? (control?.reloads || reload === false ? THROUGHPUT : RELOADS_ALONE)
  const tooFew = cost !== null && cost > most
  return {
    losses: sentences(
      [
        service !== null && service.answered < service.asked,
        `at the end the service answered ${service?.answered} of ${service?.asked} connections`,
      ],
      [refused > 0 && !(price.refused ?? theory?.refused), `${refused} refused`],
      [timeouts > 0 && !price.timeouts, `${timeouts} timed out`],
      [short > 0 && !price.short, `${short} cut short`],
      [other > 0 && !price.other, `${other} lost otherwise`],
    ),
    slowness: sentences(
      [tooSlow && !price.slow, `${slow} of ${priced} connections were slow`],
      [tooFew, `${percent(cost ?? 0)} fewer connections a second than ${than(control)}`],
    ),
    unlike: tooSlow && !tooFew ? unlike(boots, quick) : null,
  }
}

/**
 * What a case costs, its boots show. Where half of them or more do not, an arrival rate near what the machine could carry
 * just then explains it as well: connections pile up, and it takes seconds to serve them.
 */
function unlike(boots: Boots, quick: boolean[]): string | null {
  const named = boots.flatMap(({ price: { reloads } }, i) =>
    quick[i] ? `boot ${i + 1} (${reloads.slow} of ${reloads.begun} connections)` : [],
  )
  // Where most boots are slow, the case is.
  return 2 * named.length >= boots.length ? `${list(named)} ${named.length === 1 ? 'was' : 'were'} not slow` : null
}

const than = (control: Measured | undefined) =>
  !control ? 'before the first reload' : control.reloads ? 'without a mitigation' : 'without a reload'

/** The share of connections a second lost against the control, or against the quiet second without one; null: unknown. */
function throughputCost({ throughput, quietThroughput }: Measured, control: Measured | undefined): number | null {
  const without = control ? control.throughput : quietThroughput
  return without ? 1 - throughput / without : null
}
