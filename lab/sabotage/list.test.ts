import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { finding } from './finding.ts'
import { missedOf, renderList } from './list.ts'

const plant = {
  name: 'some-defect',
  planted: 'something is broken',
  caught: { verdict: ['failed' as const], by: /gone/ },
}
const caught = finding(plant, [{ verdict: 'failed', reason: 'so is that; the proxy is gone' }])

test('a defect is caught by its verdict and its reason, and by nothing else', () => {
  assert.ok(caught.caught)
  for (const said of [
    [{ verdict: 'inconclusive' as const, reason: 'the proxy is gone' }],
    [{ verdict: 'failed' as const, reason: 'of something else' }],
    [{ verdict: 'expected' as const, reason: 'gone' }],
    [],
  ])
    assert.equal(missedOf([finding(plant, said)]).length, 1)
})

test('what cannot be noticed yet is listed so, and not as missed', () => {
  const pending = finding({ ...plant, pending: 'nobody looks there' }, [])
  assert.equal(missedOf([pending]), [])
  assert.match(renderList([pending], []), /1 planted, 0 caught, 1 that cannot be caught yet; none missed/)
})

test('the list says what caught each defect, and which was not caught', () => {
  const missed = finding({ ...plant, name: 'other' }, [{ verdict: 'expected', reason: 'all | is well' }])
  const text = renderList([caught, missed], [{ name: 'none', kernel: '6.1', verdict: 'expected, noisy', reason: null }])
  assert.match(text, '2 planted, 1 caught; not caught: other. Healthy cases beside them: 1, all green.')
  assert.match(text, '| `some-defect` | something is broken | failed | the proxy is gone |')
  assert.match(text, '| `other` | something is broken | **not caught** | expected: all \\| is well |')
  assert.match(text, 'The machine was noisy by itself')
})

test.run()
