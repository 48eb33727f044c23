import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { groupsOf } from '../facts/groups/groups.ts'
import { twoLoads } from '../fixtures/loads.ts'
import { changed, oneKernel } from '../fixtures/results.ts'
import { renderTerminal } from '../terminal/report.ts'
import { unsureWords } from './unsure.ts'

const said = (result = oneKernel()) => unsureWords(groupsOf(result)).map((words) => words.replaceAll('\u00a0', ' '))
const reason =
  '9 resets in 60 reloads, 0.15 a reload; without a mitigation 0.4 a reload, p = 0.055, no significant difference'

test('what cannot be told from none says so, with its p', () => {
  assert.equal(said().length, 1)
  assert.match(said()[0]!, /^`ack-block`: no significant difference \(p = 0\.\d+\)$/)
  assert.match(said(twoLoads())[0]!, '`ack-block` on 6.1 saturated: no sig')
  assert.is(said(twoLoads()).length, 1, 'half shows a difference')
})

test('the reason of a verdict has the p of a cell that is in no comparison', () => {
  const open = { verdict: 'inconclusive' as const, reason }
  assert.ok(
    said(changed(oneKernel(), 'ack-block', open)).includes('`ack-block`: no significant difference (p = 0.055)'),
  )
  assert.equal(said(changed(oneKernel(), 'ack-block', { ...open, reason: 'the counts disagree' })), [])
})

test('the terminal ends with the headline, with what cannot be told from none, and with what it takes to tell a tenth', () => {
  const text = renderTerminal(oneKernel(), false)
  assert.match(
    text,
    /\nA reload without a mitigation resets 9\.88 connections; nothing is lost under [\w, \n-]+\nack-block: no significant difference \(p = 0\.\d+\)\nA case that loses 10 % fewer than none can be told after about \d+ reloads in \d+ boots of each\n+$/,
  )
})

test.run()
