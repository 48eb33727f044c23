import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { $ } from 'zx'
import { compileText } from '../../fixtures/compile.ts'

const test = suite<{ dir: string; told: string }>('process ids')

test.before(async (context) => {
  context.dir = await mkdtemp(join(tmpdir(), 'pids-'))
  context.told = join(context.dir, 'told')
  await compileText(
    context.told,
    `#include "proc/pids.h"
     int main(int argc, char **argv)
     {
       struct pids a, b;
       char text[64];
       if (argc != 3 || !pids_read(&a, argv[1]) || !pids_read(&b, argv[2]))
         return 1;
       printf("%s share %d same %d gone %d\\n", pids_text(&a, ",", text, sizeof(text)), pids_share(&a, &b),
              pids_same(&a, &b), pids_gone(&a));
     }`,
  )
})

test.after(({ dir }) => rm(dir, { recursive: true, force: true }))

/** What is said of two lists. */
const ask = async (told: string, one: string, other = '') => {
  const { exitCode, stdout } = await $({ quiet: true, nothrow: true })`${told} ${one} ${other}`
  return exitCode === 0 ? stdout.trim() : 'no list'
}
const GONE = 2 ** 30

test('numbers between blanks, each once, in order', async ({ told }) => {
  const own = process.pid
  assert.is(await ask(told, ` ${own}\n${own}  1\n`), `1,${own} share 0 same 0 gone 0`)
  assert.is(await ask(told, '\n'), 'share 0 same 1 gone 0')
})

test('anything else is no list', async ({ told }) => {
  for (const text of ['12a', '0', '-1', 'pid 12', '12,13']) assert.is(await ask(told, text), 'no list', text)
  const many = Array.from({ length: 65 }, (_, i) => i + 1)
  assert.is(await ask(told, many.join(' ')), 'no list')
})

test('which are in both, and which are gone', async ({ told }) => {
  assert.match(await ask(told, `1 ${GONE}`, '1'), `share 1 same 0 gone ${GONE}`)
  assert.match(await ask(told, '1 2', '2 1'), 'share 1 same 1')
  assert.match(await ask(told, '1', '1 2'), 'share 1 same 0')
  assert.match(await ask(told, '1', '2'), 'share 0 same 0')
})

test('a text that is too long is cut', async ({ told }) => {
  const many = Array.from({ length: 30 }, (_, i) => 1_000_000 + i)
  assert.match(await ask(told, many.join(' ')), /^1000000,1000001,[\d,]+ share/)
})

test.run()
