import * as v from 'valibot'
import { ProxyFacts } from '../cell.ts'
import { amount } from '../numbers.ts'

const text = v.pipe(v.string(), v.nonEmpty())

/** What numbers a claim gives, a reload each. `lab/render/facts/claims.ts` says how they are made of a cell. */
export const CLAIM_UNITS = ['resets', 'failures', 'failures at 10,000 a second'] as const

/** What must be so in every cell of a row for a claim to be reproduced. */
const Holds = v.union([
  v.strictObject({
    /** Whether connections are lost. */
    lost: v.picklist(['none', 'some']),
    /** The share of the exposed reloads that lose any, where the source tells one that is small. */
    share: v.optional(amount),
  }),
  /** Whether the article's tool would have shown errors, by its own rule: see `injectErrs` in lab/model/result/measured.ts. */
  v.strictObject({ shown: v.picklist(['none', 'some']) }),
  /** Whether more connections are slow than always are. */
  v.strictObject({ slow: v.picklist(['none', 'some']) }),
  v.strictObject({
    /** A number, which one between half and twice as much reproduces, and an interval that meets none of that contradicts. */
    near: amount,
    unit: v.picklist(CLAIM_UNITS),
    /** The connections a second that it is of; it is not testable where they are not between half and twice as many. */
    rate: v.optional(amount),
  }),
])

/** What somebody said of reloads, and the row of an experiment that tests it. */
export const Claim = v.strictObject({
  /** Who: "article, section 5". */
  by: text,
  /** What, in their words or in short. */
  says: text,
  /** By its name. */
  experiment: text,
  /** By its label. */
  row: text,
  /** Of its cells those with this tune.maxaccept alone, where the number is another with each. */
  maxaccept: v.optional(ProxyFacts.entries.maxaccept),
  holds: Holds,
})

export type Claim = v.InferOutput<typeof Claim>
