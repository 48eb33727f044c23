import * as v from 'valibot'
import { amount } from './numbers.ts'
import { Request } from './request.ts'

const text = v.pipe(v.string(), v.nonEmpty())
const several = <T>(schema: v.GenericSchema<T, T>) => v.pipe(v.array(schema), v.minLength(1))
const { users, rates, shares, maxaccepts, keepAlive, boots, duration, interval } = Request.entries

/**
 * The columns that an experiment's table may have. The first are those of the article's tool, as it would have printed
 * them here; the last are what ab printed, summed up over its runs. `lab/render/tables/experiments.ts` says how each is made.
 */
export const EXPERIMENT_COLUMNS = [
  'hits',
  'hits/s',
  'errs',
  'errs per million hits',
  'resets among hits',
  'failures per million',
  'conn/s',
  'reloads',
  'reloads/s',
  'in flight',
  'limited by',
  'at ceiling',
  'p50 ms',
  'p99 ms',
  'p99.9 ms',
  'max ms',
  'slow',
  'reused resets',
  'reused resets a reload',
  'reset POSTs',
  'empty replies',
  'proof',
  'ab runs',
  'complete',
  'failed',
  'connect',
  'receive',
  'length',
  'exceptions',
] as const

/** What the article printed in a row, by column. */
const printed = v.optional(v.partial(v.strictObject(v.entriesFromList(EXPERIMENT_COLUMNS, amount))))

/** A row of an experiment: one case or several under a load of one kind; each case × load × maxaccept is a line. */
const Row = v.pipe(
  v.strictObject({
    /** What tells it from the other rows. */
    label: text,
    /** Names of cases. */
    cases: several(text),
    /** Exactly one of these: connections at a time, arrivals a second, or arrivals as shares of the capacity. */
    users: v.optional(users.wrapped),
    rates: v.optional(rates.wrapped),
    shares: v.optional(shares.wrapped),
    /** Without it, what is the proxy's own. */
    maxaccepts: v.optional(maxaccepts.wrapped),
    /** What its connections carry, see lab/model/case/load.ts; one request each where neither is said. */
    banner: v.optional(v.literal(true)),
    keepAlive: v.optional(keepAlive.wrapped),
    printed,
  }),
  v.check(
    ({ users, rates, shares }) => [users, rates, shares].filter(Boolean).length === 1,
    'expected one of users, rates and shares',
  ),
  v.check(
    ({ shares, banner, keepAlive }) => [shares, banner, keepAlive].filter(Boolean).length <= 1,
    'expected one of shares, which are of a capacity in requests, banner and keepAlive',
  ),
)

/** The proxies of an experiment where the command line names none, as `--proxy` takes them; `haproxy:*`: every series. */
const Proxies = v.union([
  /** The first that can be had. */
  v.strictObject({ first: several(text) }),
  /** All that can be had. */
  v.strictObject({ each: several(text) }),
])

/** A named set of cells that answers one question, such as one table of the article: what a file of one says. */
export const Experiment = v.pipe(
  v.strictObject({
    /** What `--experiment` takes. */
    name: v.pipe(v.string(), v.regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'lower-case words joined by dashes')),
    title: text,
    /** One sentence, with a question mark. */
    question: v.pipe(v.string(), v.regex(/\?$/, 'a question')),
    /** Where it comes from: a section of the article, or the lab. */
    source: text,
    proxies: Proxies,
    boots,
    duration,
    interval,
    columns: several(v.picklist(EXPERIMENT_COLUMNS)),
    rows: several(Row),
  }),
  v.check(
    ({ columns, rows }) => rows.every((row) => Object.keys(row.printed ?? {}).every((name) => isOf(columns, name))),
    'expected each column of `printed` among its columns',
  ),
)

const isOf = (columns: readonly string[], name: string) => columns.includes(name)

/** An experiment in a result: what it asks, and the cells of each row, by their folders in the run. */
export const ExperimentFacts = v.object({
  name: v.string(),
  title: v.string(),
  question: v.string(),
  source: v.string(),
  columns: v.array(v.picklist(EXPERIMENT_COLUMNS)),
  rows: v.array(
    v.object({
      label: v.string(),
      cases: v.array(v.string()),
      /** The proxies that it was planned with, as `proxyName` writes them. */
      proxies: v.array(v.string()),
      printed,
      cells: v.array(v.string()),
    }),
  ),
})

export type Experiment = v.InferOutput<typeof Experiment>
/** An experiment as its file writes it. */
export type ExperimentFile = v.InferInput<typeof Experiment>
export type ExperimentRow = Experiment['rows'][number]
export type ExperimentFacts = v.InferOutput<typeof ExperimentFacts>
export type ExperimentColumn = (typeof EXPERIMENT_COLUMNS)[number]
