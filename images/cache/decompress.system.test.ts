import { execFileSync } from 'node:child_process'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Damaged, decompress } from './decompress.ts'

// Real programs pack and unpack.

const SIZE = 3_000_000
const zeros = Buffer.alloc(SIZE)

for (const program of ['gzip', 'xz', 'bzip2', 'zstd'])
  test(`attack: a little ${program} that unpacks to much more than may come out`, async () => {
    const packed = execFileSync(program, ['-c'], { input: zeros, maxBuffer: SIZE })
    assert.ok(packed.length < SIZE / 100)
    assert.equal(await decompress(packed, SIZE), zeros)
    for (const limit of [SIZE - 1024, 1024, 1]) {
      const error = await decompress(packed, limit).catch((error) => error)
      assert.instance(error, Damaged, String(error))
      assert.is(error.message, `it unpacks to more than ${limit} bytes`)
    }
  })

test.run()
