import { readFileSync } from 'node:fs'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { testSupply } from '../fixtures/supply.ts'
import { askProgram } from './ask.ts'
import { describeElf } from './elf.ts'
import { obtainProxy } from './obtain.ts'
import { PROXIES } from './proxies.ts'

// The proxies of most runs are built for good where the cache lacks them. It takes a minute, while other tests run.

for (const proxy of PROXIES)
  test(`${proxy.title} ${proxy.defaultSeries} is a static program, of the version that the lab names`, async () => {
    const supply = testSupply()
    const { path, version, debian } = await obtainProxy({ proxy, which: proxy.defaultSeries }, supply)
    assert.equal(describeElf(readFileSync(path)), { dynamic: false })
    const { stdout, stderr } = await askProgram(path, proxy.versionFlag, supply)
    assert.is(proxy.versionIn(stdout) ?? proxy.versionIn(stderr), version)
    assert.ok(
      version.startsWith(`${proxy.defaultSeries}.`) && debian!.startsWith(`${version}-`),
      `${version}, ${debian}`,
    )
  })

test.run()
