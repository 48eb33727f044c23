import type { Result } from '../../model/result.ts'
import { labelled } from '../facts/cells/labels.ts'
import type { Group } from '../facts/groups/groups.ts'
import { big, many, settingsOf } from '../facts/groups/places.ts'
import { acrossKernels } from './across.ts'
import { cappedWords } from './capped.ts'
import { disagreements } from './disagree.ts'
import { sureWords } from './sure.ts'
import { neededWords } from './unsure.ts'
import { capital, type Words } from './words.ts'

/** What the numbers come to, a sentence each; what single cells lost is said by their tables. */
export interface Answer {
  /** What must be said before any number: which cells lost as much as their load allows. */
  capped: Words[]
  /** What holds of all groups. */
  whole: Words[]
  /** The kernels compared under each load and with each proxy. */
  bySetting: { title: string; words: Words[] }[]
}

/** With more settings, pictures and tables show it. */
const MOST_SETTINGS = 4

export function answer(all: Group[], result: Pick<Result, 'interrupted'>): Answer {
  if (all.length === 0) return { capped: [], whole: ['Nothing was measured.'], bySetting: [] }
  const [settings, capped] = [settingsOf(all), cappedWords(all)]
  const needed = many(all) || big(all) ? [] : neededWords(all)
  const whole = [...disagreements(all), ...sureWords(all, result), ...needed]
  const severalPlaces = new Set(all.map(({ where }) => where)).size > 1
  if (!severalPlaces || settings.length > MOST_SETTINGS) return { capped, whole, bySetting: [] }
  if (settings.length === 1) return { capped, whole: [...whole, ...acrossKernels(all)], bySetting: [] }
  // The title has what the labels would repeat.
  const bySetting = settings.map(({ label, groups }) => ({
    title: capital(label),
    words: acrossKernels(labelled(groups)),
  }))
  return { capped, whole, bySetting }
}
