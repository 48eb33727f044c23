import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Fault } from '../model/fault.ts'
import type { Result } from '../model/result.ts'
import { runOfShards } from './shards.ts'

const ARGV = ['lab/run.ts', '--kernel', '6.1', '--shard', '1/2']

/** An empty shard of a lab that git does not know. */
const shard = (index: number, files?: string) => ({
  label: `shard-${index}`,
  root: `shard-${index}`,
  result: {
    schema: 2,
    name: '6.1',
    started: '2026-12-01T00:00:00Z',
    seconds: 1,
    argv: ARGV.with(-1, `${index}/2`),
    lab: { version: '1', commit: null, ...(files && { files }) },
    host: { kernel: '6', cpu: 'a', cpus: 2, qemu: null },
    shard: { index, of: 2, command: 'a' },
    cells: [],
    skipped: [],
    kernels: [],
    cases: [],
    experiments: [],
    interrupted: false,
  } satisfies Result,
})

const merged = (...files: (string | undefined)[]) =>
  runOfShards(
    files.map((one, i) => shard(i + 1, one)),
    ['lab/compare.ts'],
    () => {},
  )

/** What is said of shards that are refused. */
function refusal(...files: (string | undefined)[]): Fault {
  try {
    merged(...files)
  } catch (error) {
    assert.instance(error, Fault)
    return error as Fault
  }
  throw new Error('they were put together')
}

test('shards of a lab without a commit are put together where its files are the same', () => {
  assert.equal(merged('aaa', 'aaa')!.shards!.missing, [])
  const { message } = refusal('aaa', 'bbb')
  assert.match(
    message,
    'shard-2: a shard by hitless 1 (no commit, files bbb), and shard-1 is by 1 (no commit, files aaa)',
  )
})

test('shards that tell neither commit nor files are refused, and a single one is shown', () => {
  const { message, hint } = refusal(undefined, undefined)
  assert.match(message, 'shard-1: a shard by hitless 1 (no commit), which tells neither its commit nor its files')
  assert.match(message, 'shard-2: a shard by hitless 1 (no commit), which tells neither its commit nor its files')
  assert.match(hint!, 'npx tsx lab/run.ts --kernel 6.1 --shard 1/2')
  assert.match(refusal('aaa', undefined).message, 'shard-2: a shard by hitless 1 (no commit)')
  assert.equal(merged(undefined)!.shards!.missing, [2])
})

test.run()
