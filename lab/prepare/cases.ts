import { NoCase, selectCases } from '../../cases/load.ts'
import type { Case } from '../model/case.ts'
import { usage } from '../model/fault.ts'
import type { Note } from '../model/note.ts'

/**
 * The cases that were asked for, and the positive control, without which "0 resets" would say nothing.
 *
 * @throws a Fault (exit 2) that names what is no case
 */
export async function chooseCases(patterns: string[], note: Note): Promise<Case[]> {
  try {
    const chosen = await selectCases(patterns)
    const mitigations = chosen.some(({ control }) => !control)
    if (!mitigations || chosen.some(({ control }) => control === 'positive')) return chosen
    note('adding the case "none": without a live positive control, 0 resets would be inconclusive')
    return [...(await selectCases(['none'])), ...chosen]
  } catch (error) {
    throw error instanceof NoCase ? usage(error.message, 'npx tsx lab/list.ts cases') : error
  }
}
