import { max, min } from 'simple-statistics'
import { resetsByBoot } from '../measure/measure.ts'
import { BOOTS, bootSpread } from '../measure/statistics/boots.ts'
import { type Coverage, coverage, falseAlarms, type Setting } from '../measure/statistics/coverage.ts'
import { bootsP, permutationP } from '../measure/statistics/difference.ts'
import { meanInterval } from '../measure/statistics/interval.ts'
import { isMeasured } from '../model/result.ts'
import { referenceRun, referenceRuns } from './reference.ts'

const REPETITIONS = 4000
const SEED = 1
/** What must hold, as shares: of intervals that hold the truth, and of differences seen where there are none. */
const MUST = { least: 0.93, most: 0.98, alarms: 0.06 }
/** So many resets, or lossy reloads, expected: an interval that is wide for want of events is no fault below it. */
const MANY = 10
const MEANS = [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 20]
const BOOT_COUNTS = [2, 1, 3, 5]

type Row = { setting: Setting; found: Coverage }

const each = <T, U>(all: T[], of: (one: T) => U[]) => all.flatMap(of)
const percent = (share: number) => (100 * share).toFixed(1)

/** Settings of these shapes whose boots are so far apart: 20 to 200 reloads over two boots, some over 1, 3 and 5. */
function settings(shapes: Setting['shape'][], apart: Setting['apart'], means: number[]): Setting[] {
  const of = (boots: number, reloads: number[], some: number[]) =>
    each(shapes, (shape) =>
      each(reloads, (reloads) => some.map((mean): Setting => ({ shape, boots, reloads, mean, apart }))),
    )
  const fewer = means.filter((mean) => [0.1, 1, 10].includes(mean))
  return each(BOOT_COUNTS, (boots) => (boots === 2 ? of(2, [20, 40, 80, 200], means) : of(boots, [30, 90], fewer)))
}

const simulate = (all: Setting[]): Row[] =>
  all.map((setting) => ({ setting, found: coverage(setting, meanInterval, REPETITIONS, SEED) }))

function table(rows: Row[]): string {
  const head =
    '| resets | boots apart | boots | reloads | a reload | expected resets | lossy | covers % | above % | below % |'
  const lines = rows.map(({ setting: { shape, apart, boots, reloads, mean }, found }) => {
    const expected = [found.resets.toFixed(1), found.lossy.toFixed(1)]
    return `| ${[shape, apart, boots, reloads, mean, ...expected, ...[found.covers, found.above, found.below].map(percent)].join(' | ')} |`
  })
  return [head, head.replace(/[^|]+/g, '---'), ...lines].join('\n')
}

const range = (rows: Row[]) => {
  const all = rows.map(({ found }) => found.covers)
  return `covers ${percent(min(all))} to ${percent(max(all))} %`
}
const eventful = ({ found }: Row) => Math.max(found.resets, found.lossy) >= MANY

/** How often differenceP is below 5 % for two cells of one setting. Its costly half runs only where the other agrees. */
function alarms(): { setting: Setting; share: number }[] {
  const pairs = each(['single', 'clustered'] as const, (shape) =>
    each([40, 80], (reloads) =>
      [0.1, 1, 10].map((mean): Setting => ({ shape, boots: 2, reloads, mean, apart: 'measured' })),
    ),
  )
  const differs = (a: number[][], b: number[][], seed: number) =>
    bootsP(a, b) < 0.05 && permutationP(a.flat(), b.flat(), seed) < 0.05
  return pairs.map((setting) => ({ setting, share: falseAlarms(setting, differs, REPETITIONS, SEED) }))
}

/** Resets by reload, a list a boot, of the cells of the committed runs that lost any and had several boots. */
function boots(): number[][][] {
  return referenceRuns()
    .map(referenceRun)
    .flatMap(({ cells }) => cells.filter(isMeasured))
    .filter(({ resets, noisy, boots }) => resets > 0 && !noisy && boots > 1)
    .map((cell) => resetsByBoot(cell, 'all'))
}

/**
 * Simulates the intervals of means and the test of differences, and renders what they hold.
 *
 * @returns Markdown, and a sentence for each setting in which they do not hold what they must
 */
export function coverageReport(): { text: string; broken: string[] } {
  const measured = simulate(settings(['single', 'clustered'], 'measured', MEANS))
  const alike = simulate(settings(['single', 'clustered'], 0, MEANS))
  const beyond = simulate([
    ...settings(['grouped'], 'measured', [0.01, 0.03, 0.1, 0.3]),
    ...each([0.1, 0.2], (apart) => settings(['single', 'clustered'], apart, [0.1, 1, 10])),
  ])
  const differences = alarms()
  const least = [...measured, ...alike].filter(({ found }) => found.covers < MUST.least)
  const most = measured.filter((row) => eventful(row) && row.found.covers > MUST.most)
  const loud = differences.filter(({ share }) => share > MUST.alarms)
  const broken = [
    ...[...least, ...most].map(({ setting, found }) => `${JSON.stringify(setting)} covers ${percent(found.covers)} %`),
    ...loud.map(({ setting, share }) => `${JSON.stringify(setting)}: ${percent(share)} % false alarms`),
  ]
  const over = alike.filter((row) => eventful(row) && row.found.covers > MUST.most)
  const cells = boots()
  const spread = bootSpread(cells)
  const text = `Made by \`npx tsx lab/bench.ts coverage\`.

# What the 95 % intervals of resets a reload hold

${REPETITIONS} simulated cells a row, seed ${SEED}: a share of 95 % is known to ± 0.7. *single*: resets one by one (Poisson). *clustered*: by reload as in saved runs, see lab/measure/statistics/coverage.ts. *above*, *below*: intervals that lie wholly above or below the truth. No reset at all bounds no mean, so such a cell's interval is open above and holds it.

Required: at least ${percent(MUST.least)} % everywhere, and at most ${percent(MUST.most)} % where ${MANY} or more resets are expected, or as many lossy reloads.

## Boots as far apart as measured

Variance from boot to boot over that from reload to reload, at most ${BOOTS.ratio}; coefficient of variation, at most ${BOOTS.cv}; worth ${BOOTS.df} degrees of freedom. Estimated from the ${cells.length} cells of reports/reference that lost connections, in several boots that nothing slowed: ${spread.ratio.toFixed(3)}, ${spread.cv.toFixed(3)}, ${spread.df === Infinity ? 'any number (cells do not differ in it more than by chance)' : spread.df.toFixed(1)}.

${table(measured)}

## Boots exactly alike

The lower requirement holds. ${over.length} of the ${alike.filter(eventful).length} rows with ${MANY} events are above ${percent(MUST.most)} %, and must be: two boots do not tell whether boots are alike, so the interval is as wide as boots make it elsewhere. With 200 reloads that is twice as wide as reloads alone would make it.

${table(alike)}

## Worse than measured: what the intervals do not promise

*grouped*: rare resets in groups of 2.9. When a single reset was seen its upper end is the Poisson one, 5.57 over the reloads, and one lossy reload of one reset is what ten in a hundred cells with two lossy reloads expected show: their means lie above it. No interval has both that end and 93 % here. The same holds, less, of *clustered* resets between the means above: at 0.5 to 0.8 a reload and 40 to 80 reloads 92.6 to 93.6 % were found, as a quarter of such cells see none of the large clusters that make a quarter of the resets. A *number* of boots apart is a coefficient of variation that all boots have, however many resets there are.

${table(beyond)}

## False alarms of the test of differences

Two cells of one setting, boots as far apart as measured; at most ${percent(MUST.alarms)} % may differ at the level of 5 %.

| resets | boots each | reloads each | a reload | differ % |
|---|---|---|---|---|
${differences.map(({ setting, share }) => `| ${[setting.shape, setting.boots, setting.reloads, setting.mean, percent(share)].join(' | ')} |`).join('\n')}

${broken.length ? `Not held:\n${broken.map((what) => `- ${what}`).join('\n')}\n\n` : ''}Boots as measured with ${MANY} events or more: ${range(measured.filter(eventful))}; all boots as measured and alike: ${range([...measured, ...alike])}`
  return { text, broken }
}
