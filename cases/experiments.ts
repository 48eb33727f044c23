import { readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { Experiment } from '../lab/model/experiment.ts'
import { readAs } from '../lab/model/text/mistakes.ts'
import { globTest, meant } from '../lab/model/text/spelling.ts'

/** What the file of an experiment writes, field by field; tried out by its schema when it is loaded. */
export type { ExperimentFile } from '../lab/model/experiment.ts'

const HERE = fileURLToPath(new URL('./experiments', import.meta.url))

/** Names that no experiment has: a sentence each. */
export class NoExperiment extends Error {
  constructor(readonly mistakes: string[]) {
    super(mistakes.join('\n'))
  }
}

/** An experiment is called as its file is, so that only those that are asked for need be loaded. */
const namesOfAll = () =>
  readdirSync(HERE)
    .filter((file) => /^[\w-]+\.ts$/.test(file))
    .map((file) => basename(file, '.ts'))
    .sort()

async function loaded(name: string): Promise<Experiment> {
  const file = join(HERE, `${name}.ts`)
  const { default: value } = (await import(pathToFileURL(file).href)) as { default?: unknown }
  const { output, mistakes = [] } = readAs(Experiment, value)
  const wrong = mistakes.map((mistake) => `${file} is no experiment: ${mistake}`)
  if (output && output.name !== name)
    wrong.push(`${file}: its name is "${output.name}"; expected "${name}", as the file is called`)
  if (wrong.length) throw new Error(wrong.join('\n'))
  return output!
}

/** All experiments of the lab, by name. */
export const allExperiments = (): Promise<Experiment[]> => Promise.all(namesOfAll().map(loaded))

/**
 * The experiments that names and globs stand for, each once, in the order in which they were named.
 *
 * @throws NoExperiment with all patterns that stand for none
 */
export async function selectExperiments(patterns: string[]): Promise<Experiment[]> {
  const names = namesOfAll()
  const found = patterns.map((pattern) => names.filter(globTest(pattern)))
  const mistakes = patterns
    .filter((_, i) => !found[i]!.length)
    .map(
      (pattern) =>
        `--experiment ${pattern}: no such experiment${meant(pattern, names)}; expected one of npx tsx lab/list.ts experiments`,
    )
  if (mistakes.length) throw new NoExperiment(mistakes)
  return Promise.all([...new Set(found.flat())].map(loaded))
}
