import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { selectCases } from '../../../cases/load.ts'
import { bootsFor, cellsOf, hoursOn } from './matrix.ts'

const EACH = { seconds: 36, reloads: 20 }
const HAPROXY = { name: 'haproxy', version: '2.6' }

test('a case counts where it is for the proxy and the kernel, under both loads', async () => {
  const [none, ofNginx] = await selectCases(['none', 'nginx-reload'])
  const cases = [none!, ofNginx!, { ...none!, name: 'newer', needs: { linux: { from: '4.4' } } }]
  const on = (kernel: string, ...proxies: { name: string; version: string }[]) => cellsOf(cases, [kernel], proxies)
  assert.is(on('3.2', HAPROXY), 2, 'none alone')
  assert.is(on('6.1', HAPROXY), 4, 'and one that needs Linux 4.4')
  assert.is(on('6.1', HAPROXY, HAPROXY), 8)
  assert.is(on('6.1', { name: 'nginx', version: '1.22' }), 6, 'and one of nginx alone')
})

test('boots are whole, and so are rounds of machines', () => {
  assert.is(bootsFor(180, EACH), 9)
  assert.is(bootsFor(181, EACH), 10)
  assert.is(hoursOn(1, 1, 100, 180, EACH), 9)
  assert.is(hoursOn(8, 1, 100, 180, EACH), 113 / 100)
  assert.is(hoursOn(8, 2, 100, 180, EACH), 57 / 100)
  assert.is(hoursOn(64, 100, 100, 180, EACH), 1 / 100, 'no less than a boot')
  assert.is(hoursOn(64, 100, 100, 180, EACH, 90), 10, 'no more than is handed out')
})

test.run()
