import { max, min } from 'simple-statistics'
import { resetsByBoot } from '../measure/measure.ts'
import { BOOTS, bootSpread, countsOf, isUnlike } from '../measure/statistics/boots.ts'
import {
  type Coverage,
  coverage,
  falseAlarms,
  type Setting,
  type Stopped,
  stopped,
} from '../measure/statistics/coverage.ts'
import { bootsP, meansP, permutationP } from '../measure/statistics/difference.ts'
import { LEVEL, levelAfter } from '../measure/statistics/looks.ts'
import { meanInterval } from '../measure/statistics/mean.ts'
import { isMeasured } from '../model/result.ts'
import { referenceRun, referenceRuns } from '../saved/reference.ts'

const REPETITIONS = 4000
const SEED = 1
/** Requirements, as shares: of intervals that cover the true mean, and of significant differences where there is none. */
const REQUIRED = { least: 0.93, most: 0.98, alarms: 0.06 }
/** Expected resets or lossy reloads from which an interval must not be too wide: with fewer events it has to be. */
const MANY = 10
const MEANS = [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 20]
const BOOT_COUNTS = [2, 1, 3, 5]

type Row = { setting: Setting; found: Coverage }

const percent = (share: number) => (100 * share).toFixed(1)

/** Settings of these shapes and this distance of boots: 20 to 200 reloads in two boots, and a few of them in 1, 3 and 5. */
function settings(shapes: Setting['shape'][], apart: Setting['apart'], means: number[]): Setting[] {
  const few = means.filter((mean) => [0.1, 1, 10].includes(mean))
  return BOOT_COUNTS.flatMap((boots) =>
    shapes.flatMap((shape) =>
      (boots === 2 ? [20, 40, 80, 200] : [30, 90]).flatMap((reloads) =>
        (boots === 2 ? means : few).map((mean): Setting => ({ shape, boots, reloads, mean, apart })),
      ),
    ),
  )
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

function sequentialTable(rows: Sequential[]): string {
  const head = '| resets | boots apart | a reload | differ % | covers % | boots | at 0.05: differ % | covers % |'
  const lines = rows.map(({ setting: { shape, apart, mean }, found, naive }) => {
    const shares = [found.alarms, found.covers].map(percent)
    return `| ${[shape, apart, mean, ...shares, found.boots.toFixed(1), ...[naive.alarms, naive.covers].map(percent)].join(' | ')} |`
  })
  return [head, head.replace(/[^|]+/g, '---'), ...lines].join('\n')
}

const range = (rows: Row[]) => {
  const all = rows.map(({ found }) => found.covers)
  return `covers ${percent(min(all))} to ${percent(max(all))} %`
}
const eventful = ({ found }: Row) => Math.max(found.resets, found.lossy) >= MANY

/** How often differenceP is below 5 % for two cells of one setting. Its costly half runs only where the cheap one does not decide. */
function alarms(): { setting: Setting; share: number }[] {
  const settings = (['single', 'clustered'] as const).flatMap((shape) =>
    [40, 80].flatMap((reloads) =>
      [0.1, 1, 10].map((mean): Setting => ({ shape, boots: 2, reloads, mean, apart: 'measured' })),
    ),
  )
  const differs = (a: number[][], b: number[][], seed: number) =>
    bootsP(a, b) < 0.05 && permutationP(a.flat(), b.flat(), seed) < 0.05
  return settings.map((setting) => ({ setting, share: falseAlarms(setting, differs, REPETITIONS, SEED) }))
}

/** A run until sure as it is by default: looks after each of ten boots of seven reloads. */
const LOOKS = { boots: 10, reloads: 70 }

interface Sequential {
  setting: Setting
  found: Stopped
  /** The same with each look at the level of a single one. */
  naive: Stopped
}

/** Pairs of cells of one setting that are looked at after each boot. */
function sequential(apart: Setting['apart'][]): Sequential[] {
  const settings = apart.flatMap((apart) =>
    (['single', 'clustered'] as const).flatMap((shape) =>
      [0.1, 1, 10].map((mean): Setting => ({ shape, ...LOOKS, mean, apart })),
    ),
  )
  const looked = (setting: Setting, level: (look: number) => number) =>
    stopped(
      setting,
      (a, b, look, seed) =>
        Math.max(meansP(a, b), bootsP(a, b)) < level(look) && permutationP(a.flat(), b.flat(), seed) < level(look),
      (boots, look) => meanInterval(boots, level(look)),
      REPETITIONS,
      SEED,
    )
  return settings.map((setting) => ({
    setting,
    found: looked(setting, (look) => levelAfter(look, setting.boots)),
    naive: looked(setting, () => LEVEL),
  }))
}

/** Resets by reload, a list a boot, of the committed cells that lost connections in several boots. */
function committedCells(): number[][][] {
  return referenceRuns()
    .map(referenceRun)
    .flatMap(({ cells }) => cells.filter(isMeasured))
    .filter(({ resets, noisy, boots }) => resets > 0 && !noisy && boots > 1)
    .map((cell) => resetsByBoot(cell, 'all'))
}

/**
 * Simulates the intervals of means and the test of differences.
 *
 * @returns Markdown, and a sentence for each setting in which they miss a requirement
 */
export function coverageReport(): { text: string; broken: string[] } {
  const measured = simulate(settings(['single', 'clustered'], 'measured', MEANS))
  const alike = simulate(settings(['single', 'clustered'], 0, MEANS))
  const beyond = simulate([
    ...settings(['grouped'], 'measured', [0.01, 0.03, 0.1, 0.3]),
    ...[0.1, 0.2].flatMap((apart) => settings(['single', 'clustered'], apart, [0.1, 1, 10])),
  ])
  const differences = alarms()
  const [looks, looksBeyond] = [sequential(['measured']), sequential([0.1, 0.3])]
  const least = [...measured, ...alike].filter(({ found }) => found.covers < REQUIRED.least)
  const most = measured.filter((row) => eventful(row) && row.found.covers > REQUIRED.most)
  const loud = differences.filter(({ share }) => share > REQUIRED.alarms)
  const broken = [
    ...[...least, ...most].map(({ setting, found }) => `${JSON.stringify(setting)} covers ${percent(found.covers)} %`),
    ...looks
      .filter(({ found }) => found.alarms > REQUIRED.alarms || found.covers < REQUIRED.least)
      .map(
        ({ setting, found }) =>
          `${JSON.stringify(setting)}, looked at after each boot: ${percent(found.alarms)} % false alarms, covers ${percent(found.covers)} %`,
      ),
    ...loud.map(({ setting, share }) => `${JSON.stringify(setting)}: ${percent(share)} % false alarms`),
  ]
  const over = alike.filter((row) => eventful(row) && row.found.covers > REQUIRED.most)
  const cells = committedCells()
  const alikeCells = cells.filter((cell) => !isUnlike(countsOf(cell)))
  const spread = bootSpread(alikeCells)
  const text = `Made by \`npx tsx lab/bench.ts coverage\`.

# How often the 95 % intervals of resets a reload cover the true mean

Each row is ${REPETITIONS} simulated cells, seed ${SEED}; a share of 95 % is known to ± 0.7. *single*: resets come one by one (Poisson). *clustered*: resets by reload are drawn from saved runs, see lab/measure/statistics/coverage.ts. *above*, *below*: intervals that lie wholly above or below the true mean. A cell without any reset has an interval without an upper end, which covers every mean.

Required: at least ${percent(REQUIRED.least)} % everywhere, and at most ${percent(REQUIRED.most)} % where at least ${MANY} resets or ${MANY} lossy reloads are expected.

## Boots as far apart as measured

The lab assumes a variance from boot to boot of at most ${BOOTS.ratio} of that from reload to reload, a coefficient of variation of at most ${BOOTS.cv}, and ${BOOTS.df} degrees of freedom. Of the ${cells.length} cells of reports/reference that lost connections in several boots, and that nothing slowed, ${cells.length - alikeCells.length} have boots too far apart for that (an F test at 1 %); their intervals are made of their own boots alone. The others give ${spread.ratio.toFixed(3)}, ${spread.cv.toFixed(3)} and ${spread.df === Infinity ? 'no bound (these cells differ no more than by chance)' : spread.df.toFixed(1)}.

${table(measured)}

## Boots exactly alike

Only the lower requirement applies. ${over.length} of the ${alike.filter(eventful).length} rows with ${MANY} events or more are above ${percent(REQUIRED.most)} %, and have to be: two boots cannot show that boots are alike, so the interval is as wide as for boots that differ as measured. With 200 reloads that is twice as wide as reloads alone would make it.

${table(alike)}

## Worse than measured: no promise

*grouped*: rare resets come in groups of 2.9. After a single reset the upper end is the Poisson one, 5.57 over the reloads. Ten in a hundred cells with two expected lossy reloads show just one lossy reload with one reset, and their true mean lies above that end: no interval has both this end and 93 % here. *clustered* resets have the same effect, less so, between the means above: at 0.5 to 0.8 a reload and 40 to 80 reloads, 92.6 to 93.6 % were found, as a quarter of such cells see none of the large clusters that make a quarter of the resets. A *number* under "boots apart" is the coefficient of variation of all boots, however many resets there are.

${table(beyond)}

## False alarms of the test of differences

Two cells of one setting, with boots as far apart as measured. At most ${percent(REQUIRED.alarms)} % may differ significantly at the 5 % level.

| resets | boots each | reloads each | a reload | differ % |
|---|---|---|---|---|
${differences.map(({ setting, share }) => `| ${[setting.shape, setting.boots, setting.reloads, setting.mean, percent(share)].join(' | ')} |`).join('\n')}

## Runs until sure

Two cells of one setting are looked at after each of ${LOOKS.boots} boots of ${LOOKS.reloads / LOOKS.boots} reloads, each look at a level of its own, until one tells them apart. At most ${percent(REQUIRED.alarms)} % may be told apart at any look, and at least ${percent(REQUIRED.least)} % of the intervals must hold the true mean when the looks stop, where boots are as far apart as measured. *At 0.05*: the same with each look at the level of a single one.

${sequentialTable(looks)}

Boots further apart than measured. Numbers are told apart only where the means of the boots show it by themselves, so few are; the intervals make no promise.

${sequentialTable(looksBeyond)}

${broken.length ? `Missed:\n${broken.map((what) => `- ${what}`).join('\n')}\n\n` : ''}Boots as measured, with ${MANY} events or more: ${range(measured.filter(eventful))}; boots as measured or alike, any number of events: ${range([...measured, ...alike])}`
  return { text, broken }
}
