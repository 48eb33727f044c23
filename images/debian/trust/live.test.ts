import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Fault } from '../../../lab/model/fault.ts'
import { checkLive } from './live.ts'

const NOW = Date.parse('2026-11-30T12:00:00Z')
const HOUR = 3600 * 1000
const DAY = 24 * HOUR
const OPTION = 'Acquire::Check-Valid-Until "false" (/etc/apt/apt.conf.d/99x)'
const at = (time: number) => new Date(time).toUTCString().replace('GMT', 'UTC')

/** What is said of a Release file: the notes, or why it is refused. */
function said(release: Record<string, string>, suite = 'sid', unchecked: string | undefined = OPTION): string {
  const notes: string[] = []
  try {
    checkLive(
      suite,
      { Codename: 'sid', Suite: 'unstable', Date: at(NOW), ...release },
      unchecked,
      (line) => notes.push(line),
      NOW,
    )
  } catch (error) {
    assert.instance(error, Fault)
    return `refused: ${(error as Fault).message}`
  }
  return notes.join('\n')
}

test('takes a suite by its codename, experimental by its name', () => {
  assert.is(said({}), '')
  assert.is(said({ Codename: 'rc-buggy', Suite: 'experimental' }, 'experimental'), '')
  assert.is(said({ 'Valid-Until': at(NOW + DAY) }), '')
})

test('refuses another suite', () => {
  assert.is(said({ Codename: 'forky', Suite: 'testing' }), "refused: the mirror's index of sid is that of forky")
  assert.match(said({ Codename: '', Suite: '' }), 'refused')
})

test('a mirror may lag behind where the host says so, but not for ever', () => {
  const [late, old] = [NOW - 30 * DAY, NOW - 181 * DAY]
  assert.is(
    said({ 'Valid-Until': at(late) }),
    `Debian's index of sid is valid until ${at(late)}, and ${OPTION} lets it pass`,
  )
  assert.match(
    said({ 'Valid-Until': at(old) }),
    `refused: Debian's index of sid is valid until ${at(old)}, and ${OPTION}`,
  )
})

test('an index of a stable release has no end, but none may come from the future', () => {
  assert.is(said({ Date: at(NOW - 900 * DAY) }), '')
  assert.is(said({ Date: at(NOW + HOUR) }), '')
  assert.match(said({ Date: at(NOW + 30 * DAY) }), `Debian's index of sid is of ${at(NOW + 30 * DAY)}, and ${OPTION}`)
  assert.match(said({ Date: at(NOW + 200 * DAY) }), 'refused: ')
  assert.match(said({ Date: 'soon' }), 'refused: ')
})

test.run()
