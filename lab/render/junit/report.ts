import library, { type Builder, type TestCase } from 'junit-report-builder'
import { isMeasured, type Result, type ResultCell } from '../../model/result.ts'
import { flags } from '../facts/cells/account.ts'
import { perReload } from '../facts/cells/numbers.ts'
import { type Group, groupsOf } from '../facts/groups/groups.ts'

/** Its types are those of another way of importing it. */
const builder = library as unknown as Builder

/**
 * junit.xml: a suite for each kernel, proxy and load, a test case for each cell. What contradicts is a failure, as is
 * what is inconclusive, which is not as expected either; a cell that failed is an error; what did not run is skipped.
 *
 * @param runs the name of each cell's run, in the order of `result.cells`, when they come from several
 */
export function renderJunit(result: Result, runs?: string[]): string {
  const report = builder.newBuilder()
  for (const group of groupsOf(result, runs)) {
    const suite = report.testSuite().name(group.title).timestamp(result.started)
    for (const cell of group.cells) addCell(suite.testCase(), cell, group)
    for (const { case: name, reason } of group.skipped)
      suite.testCase().className(classOf(group)).name(name).standardOutput(reason).skipped()
  }
  const gone = result.skipped.filter(({ case: name }) => name === '*')
  if (gone.length > 0) {
    const suite = report.testSuite().name('unavailable kernels').timestamp(result.started)
    for (const { kernel, reason } of gone)
      suite.testCase().className('hitless').name(kernel).standardOutput(reason).skipped()
  }
  return report.build()
}

/** Dots make a hierarchy in what shows such files. */
const classOf = ({ title }: Group) => `hitless.${title.replaceAll('.', '_')}`

function addCell(test: TestCase, cell: ResultCell, group: Group) {
  test.className(classOf(group)).name(cell.case)
  // Seconds of reloads: how long a cell was prepared and booted is not saved.
  test.time(cell.boots * cell.load.duration)
  if (!isMeasured(cell)) return test.error(cell.reason, 'failed', printable(cell.consoleTail.join('\n')))
  if (cell.verdict !== 'expected') test.failure(cell.reason, cell.verdict)
  const [mean, detail] = perReload(cell)
  const disturbed = flags(cell).map(({ word, why }) => `${word}: ${why}`)
  return test.standardOutput([`${mean} resets per reload, ${detail}`, cell.reason, ...disturbed].join('\n'))
}

/** What XML 1.0 can hold of a text: consoles print anything. */
const printable = (text: string) => text.replace(/[^\t\n\x20-\uD7FF\uE000-\uFFFD]/g, '\uFFFD')
