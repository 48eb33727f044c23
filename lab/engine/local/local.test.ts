import { chmodSync, rmSync, writeFileSync } from 'node:fs'
import { release } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import * as v from 'valibot'
import noneFile from '../../../cases/none.ts'
import { lay, scratchWithCache } from '../../../images/fixtures/files.ts'
import { proxyNamed } from '../../../images/proxies/proxies.ts'
import { named } from '../../guest/parts.ts'
import { CaseFile } from '../../model/case/case.ts'
import { resolveCase } from '../../model/case/resolve.ts'
import type { Cell } from '../../model/cell.ts'
import type { BootObserver } from '../engine.ts'
import { localEngine } from './local.ts'

// What the engine says when no guest ever runs. Whole runs, end to end, have tests of their own.

const { dir, end } = scratchWithCache('local')
test.after(end)

const parts = lay(join(dir, 'parts'), { 'root/bin/sh': 'sh', 'sbin/init': '#!/bin/sh\nexit 3\n', proxy: 'a program' })
chmodSync(join(parts, 'sbin/init'), 0o755)

const cell = (): Promise<Cell> =>
  named({
    name: 'a-cell',
    guest: 'host',
    accel: 'native',
    kernel: { name: release(), series: '6.1', sha256: null, image: null, modules: null, features: null },
    root: { userland: join(parts, 'root'), programs: join(parts, 'sbin') },
    proxy: { name: 'haproxy', path: join(parts, 'proxy'), version: '2.6.12', maxaccept: 4 },
    case: resolveCase(v.parse(CaseFile, noneFile), proxyNamed('haproxy')),
    load: {
      name: 'users-20',
      loop: 'closed',
      users: 20,
      rate: null,
      capacity: null,
      duration: 1,
      interval: 100,
      drains: false,
      warms: true,
      exchange: { kind: 'request' },
      fusedAck: false,
      closeWithRst: false,
      slowMs: 200,
    },
    boots: 1,
    seed: 1,
  } satisfies Cell)

const observer = (parts: Partial<BootObserver> = {}): BootObserver => ({
  files: () => {},
  command: () => {},
  line: () => {},
  event: () => {},
  console: () => {},
  ...parts,
})

const engine = localEngine()
const run = (cell: Cell, observed = observer(), signal = new AbortController().signal) =>
  engine.run({ cell, boot: 1 }, observed, signal)

test('nothing keeps a cell from being carried out whose parts are here', async () => {
  assert.is(await engine.obstacle(await cell()), null)
})

test('a part that is gone, and another kernel than the running one', async () => {
  const planned = await cell()
  const other = { ...planned, kernel: { ...planned.kernel, name: '6.1.0-other' } }
  assert.is(await engine.obstacle(other), `this host ran Linux 6.1.0-other and now runs ${release()}`)
  writeFileSync(join(parts, 'proxy'), 'another program')
  const changed = `${join(parts, 'proxy')} has changed`
  assert.is(await engine.obstacle(planned), changed)
  const outcome = await run(planned)
  assert.is(outcome.kind === 'failed' && outcome.reason, changed)
  rmSync(join(parts, 'proxy'))
  assert.is(await engine.obstacle(planned), `${join(parts, 'proxy')} is gone`)
  writeFileSync(join(parts, 'proxy'), 'a program')
})

test('an observer that throws ends its boot, which failed for that reason', async () => {
  const full = () => {
    throw new Error('the disk is full')
  }
  const outcome = await run(await cell(), observer({ files: full }))
  assert.is(outcome.kind === 'failed' && outcome.reason, 'the disk is full')
})

test('a boot is interrupted by its signal', async () => {
  assert.equal(await run(await cell(), observer(), AbortSignal.abort()), { kind: 'interrupted' })
})

test.run()
