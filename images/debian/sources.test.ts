import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { EXIT, Fault } from '../../lab/model/fault.ts'
import { scratchRoot } from '../cache/scratch.ts'
import { lay, scratchWithCache } from '../fixtures/files.ts'
import { compile } from './sources.ts'

const { dir, end } = scratchWithCache('sources')
test.after(end)

/** The first is what a shell and make can bear, the second is not. */
for (const place of ['plain', `it's a (place) & 50%`])
  test(`compiles programs where the cache and the sources are in a path like ${place}`, async () => {
    const here = join(dir, place)
    process.env.XDG_CACHE_HOME = join(here, 'the cache')
    const SOURCES = lay(join(here, 'sources'), {
      'one.c': '#include <stdio.h>\n#include <linux/pkt_sched.h>\nint main(void) { puts("one"); return 0; }',
    })
    const out = join(here, 'out')
    mkdirSync(out)
    await compile('test', '$MUSL_GCC -o one "$SOURCES/one.c"\nmake --version', out, { SOURCES })
    assert.is(execFileSync(join(out, 'one')).toString(), 'one\n')
    assert.equal(readdirSync(scratchRoot()).length, 1, 'the folder of this process')
  })

test('says what the compiler said last, and where the rest is', async () => {
  process.env.XDG_CACHE_HOME = join(dir, 'with space')
  const error = await compile('test', 'echo first\nfalse', dir).catch((error) => error)
  assert.instance(error, Fault)
  assert.is(error.exit, EXIT.notReady)
  assert.match(error.message, 'test does not compile:\n')
  assert.match(readFileSync(error.hint.replace('the whole output: ', ''), 'utf8'), 'first')
})

test.run()
