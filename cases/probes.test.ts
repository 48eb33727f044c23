import { spawnSync } from 'node:child_process'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Feature } from '../lab/model/case/case.ts'
import { PROBES } from './probes.ts'

/** Runs a probe's commands with made-up programs before them. */
function said(feature: Feature, programs: string) {
  const { stdout, status } = spawnSync('sh', ['-c', `${programs}\n${PROBES[feature].run}`], { encoding: 'utf8' })
  return { said: stdout.trim(), has: status === 0 }
}

const IPTABLES = "iptables() { echo 'Another app is currently holding the xtables lock.'; return 4; }"

for (const feature of ['iptables', 'iptables-mangle', 'length-match', 'u32-match'] as const)
  test(`${feature}: where no file can be locked, that is said, and not what iptables makes of it`, () => {
    const none = `feature() { echo "this kernel locks no files"; return 1; }\n${IPTABLES}`
    assert.equal(said(feature, none), { said: 'this kernel locks no files', has: false })
    const locks = `feature() { [ "$1" = locks ]; }\niptables() { true; }`
    assert.ok(said(feature, locks).has)
  })

test.run()
