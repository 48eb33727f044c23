import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { checkPackages, missingPackages } from './packages.ts'

const empty = mkdtempSync(join(tmpdir(), 'packages-'))
const before = process.env.PATH
test.after.each(() => {
  process.env.PATH = before
})
test.after(() => rmSync(empty, { recursive: true }))

const needs = (purpose: 'qemu' | 'host') => checkPackages(purpose).map(({ what }) => what)

test('what unpacks the kernels of Debian and of most others is there before the first one is fetched', () => {
  for (const program of ['xz', 'zstd', 'lz4', 'bzip2']) assert.ok(needs('qemu').includes(program), program)
  assert.not(needs('host').includes('lz4'), 'the running kernel is not unpacked')
})

test('what a bare system lacks to end processes is there before any is started', () => {
  for (const purpose of ['qemu', 'host'] as const) assert.ok(needs(purpose).includes('ps'))
})

test('what is missing is named by its package', () => {
  process.env.PATH = empty
  assert.ok(missingPackages('qemu').includes('lz4'))
})

test.run()
