import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Guest } from '../model/cell.ts'
import { checkPackages, missingPackages } from './packages.ts'

const empty = mkdtempSync(join(tmpdir(), 'packages-'))
const before = process.env.PATH
test.after.each(() => {
  process.env.PATH = before
})
test.after(() => rmSync(empty, { recursive: true }))

const needs = (...guests: Guest[]) => checkPackages(guests).map(({ what }) => what)

test('what unpacks the kernels of Debian and of most others is there before the first one is fetched', () => {
  for (const program of ['xz', 'zstd', 'lz4', 'bzip2']) assert.ok(needs('qemu').includes(program), program)
  assert.not(needs('host').includes('lz4'), 'the running kernel is not unpacked')
})

test('a run with guests of both kinds needs what each of them needs', () => {
  for (const program of ['qemu-system-x86_64', 'unshare']) assert.ok(needs('qemu', 'host').includes(program), program)
  assert.not(needs('qemu').includes('unshare'))
})

test('what a bare system lacks to end processes is there before any is started', () => {
  for (const guest of ['qemu', 'host'] as const) assert.ok(needs(guest).includes('ps'))
})

test('what is missing is named by its package', () => {
  process.env.PATH = empty
  assert.ok(missingPackages(['qemu']).includes('lz4'))
})

test.run()
