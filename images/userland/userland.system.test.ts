import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { $ } from 'zx'
import { testSupply } from '../fixtures/supply.ts'
import { describeElf } from '../proxies/elf.ts'
import { userland } from './userland.ts'

// The guest's tools are built for good where the cache lacks them. It takes a minute, while other tests run.

const run = $({ quiet: true })

/** How each says its version: the name that it is called by, for programs of several tools go by that, and its words. */
const SAYS: [program: string, name: string, ...words: string[]][] = [
  ['bin/busybox', 'busybox'],
  ['sbin/iptables', 'iptables', '--version'],
  ['sbin/ip', 'ip', '-V'],
  ['sbin/tc', 'tc', '-V'],
  ['sbin/ss', 'ss', '-V'],
]

test('the tools are static programs, each of the version that the lab names', async () => {
  const { dir, versions } = await userland(testSupply())
  assert.equal(Object.keys(versions), ['busybox', 'iptables', 'iproute2', 'nftables'])
  for (const [program, name, ...words] of SAYS) {
    const path = join(dir, program)
    assert.equal(describeElf(readFileSync(path)), { dynamic: false }, program)
    const { stdout } = await run`bash -c ${'exec -a "$0" "$@"'} ${name} ${path} ${words}`
    const version = versions[name in versions ? name : 'iproute2']!.replace(/^\d+:|-[^-]*$/g, '')
    assert.match(stdout, version, `${program}: ${stdout}`)
  }
})

test.run()
