import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { builtinCases } from '../../cases/load.ts'
import { PROXIES } from '../../images/proxies/proxies.ts'
import { factsOfRun } from '../plan/case-facts.ts'
import { ownReload } from '../render/facts/cells/own-reload.ts'
import { cellOf } from '../render/fixtures/cell.ts'
import { SIX } from '../render/fixtures/results.ts'

test('reports find the own reload of each proxy in the facts that a run saves', async () => {
  const all = await builtinCases()
  const proxies = PROXIES.map(({ name }) => name)
  const cases = factsOfRun(all, proxies, PROXIES)
  const cells = all.flatMap(({ name, on }) =>
    Object.keys(on ?? Object.fromEntries(proxies.map((proxy) => [proxy, {}]))).map((proxy) => ({
      ...cellOf('none', { ...SIX, proxy }),
      case: name,
    })),
  )
  assert.equal(
    ['haproxy', 'nginx'].map((proxy) => ownReload({ cases, cells }, proxy)),
    ['fd-passing', 'nginx-reload'],
  )
})

test.run()
