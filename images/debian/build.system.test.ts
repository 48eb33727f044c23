import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { EXIT, Fault } from '../../lab/model/fault.ts'
import { scratchRoot } from '../cache/scratch.ts'
import { lay, scratchWithCache } from '../fixtures/files.ts'
import { testSupply } from '../fixtures/supply.ts'
import { compile } from './build.ts'

const { dir, end } = scratchWithCache('build')
test.after(end)

/** A shell and make can work in the first, not in the second. */
for (const place of ['plain', `it's a (place) & 50%`])
  test(`compiles programs where the cache and the sources are in a path like ${place}`, async () => {
    const here = join(dir, place)
    process.env.XDG_CACHE_HOME = join(here, 'the cache')
    const SOURCES = lay(join(here, 'sources'), {
      'one.c': '#include <stdio.h>\n#include <linux/pkt_sched.h>\nint main(void) { puts("one"); return 0; }',
    })
    const out = join(here, 'out')
    mkdirSync(out)
    await compile('test', '$MUSL_GCC -o one "$SOURCES/one.c"\nmake --version', out, testSupply(), { SOURCES })
    assert.is(execFileSync(join(out, 'one')).toString(), 'one\n')
    assert.equal(readdirSync(scratchRoot()).length, 1, 'the folder of this process')
  })

test('says what the compiler said last, and where the rest is', async () => {
  process.env.XDG_CACHE_HOME = join(dir, 'with space')
  const error = await compile('test', 'echo first\nfalse', dir, testSupply()).catch((error) => error)
  assert.instance(error, Fault)
  assert.is(error.exit, EXIT.notReady)
  assert.match(error.message, 'test does not compile:\n')
  assert.match(readFileSync(error.hint.replace('the whole output: ', ''), 'utf8'), 'first')
})

test('ends with all that it started when the signal is aborted, and says why', async () => {
  const interrupt = new AbortController()
  const mark = `31536${process.pid}`
  const building = compile('test', `sh -c 'sleep ${mark}; true'`, dir, testSupply({ signal: interrupt.signal }))
  const asleep = () => spawnSync('pgrep', ['-f', `^sleep ${mark}`]).status === 0
  await until(asleep)
  interrupt.abort(new Error('on purpose'))
  assert.match((await building.catch((error) => error)).message, 'on purpose')
  await until(() => !asleep())
})

async function until(holds: () => boolean) {
  for (let tries = 0; !holds(); tries++) {
    if (tries > 100) throw new Error('waited in vain')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

test.run()
