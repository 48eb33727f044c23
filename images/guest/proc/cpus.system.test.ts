import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { $ } from 'zx'
import { compile, compileText } from '../../fixtures/compile.ts'

// What the guest tells of CPUs: how busy they are (busy.c), and which a process may use (affinity.h).

const test = suite<{ dir: string; busy: string; allowed: string }>('cpus')
const quiet = { quiet: true, nothrow: true }

test.before(async (context) => {
  context.dir = await mkdtemp(join(tmpdir(), 'cpus-'))
  context.busy = join(context.dir, 'busy')
  context.allowed = join(context.dir, 'allowed')
  // With a set of CPUs in place of the process's own, where it is given one.
  const allowed = `#include <stdlib.h>
     #include "proc/affinity.h"
     static int numbers, *number;
     int __real_sched_getaffinity(pid_t, size_t, cpu_set_t *);
     int __wrap_sched_getaffinity(pid_t pid, size_t size, cpu_set_t *set)
     {
       for (int i = 0; i < numbers; i++)
         CPU_SET_S(number[i], size, set);
       return numbers ? 0 : __real_sched_getaffinity(pid, size, set);
     }
     int main(int argc, char **argv)
     {
       char list[64];
       numbers = argc - 2;
       number = calloc(argc, sizeof(*number));
       for (int i = 0; i < numbers; i++)
         number[i] = atoi(argv[i + 2]);
       allowed_cpus(atoi(argv[1]), list, sizeof(list));
       printf("%s\\n", list);
       free(number);
     }`
  await Promise.all([
    compile(context.busy, join(import.meta.dirname, 'busy.c')),
    compileText(context.allowed, allowed, '-D_GNU_SOURCE', '-Wl,--wrap=sched_getaffinity'),
  ])
})

test.after(({ dir }) => rm(dir, { recursive: true, force: true }))

test('busy, idle and stolen time of two CPUs, and not of the sum of all', async ({ busy }) => {
  const { stdout } = await $(quiet)`${busy} 0 0`
  const { e, proxy, generator } = JSON.parse(stdout)
  const line = (await readFile('/proc/stat', 'utf8')).split('\n').find((line) => line.startsWith('cpu0 '))!
  const [user, nice, system, idle, iowait, irq, softirq, steal] = line.split(' ').slice(1).map(Number) as number[]
  assert.is(e, 'cpus')
  const now = [user! + nice! + system! + irq! + softirq!, idle! + iowait!, steal!]
  for (const told of [proxy, generator])
    for (const [i, ticks] of now.entries())
      assert.ok(told[i] <= ticks && told[i] > ticks - 200, `${told} is of just before ${now}`)
})

test('a CPU that is not there', async ({ busy }) => {
  const { stdout, exitCode } = await $(quiet)`${busy} 0 9999`
  assert.is(exitCode, 1)
  assert.match(JSON.parse(stdout).message, '/proc/stat has no times of CPU 9999')
})

test('CPUs that a process may use, as the kernel lists them', async ({ allowed }) => {
  const list = async (...args: (number | string)[]) => (await $(quiet)`${allowed} ${args}`).stdout.trim()
  const own = /^Cpus_allowed_list:\s*(\S+)/m.exec(await readFile('/proc/self/status', 'utf8'))![1]
  assert.is(await list(process.pid), own)
  assert.is((await $(quiet)`taskset -c 0 ${allowed} 0`).stdout.trim(), '0')
  assert.is(await list(0, 0, 1, 2, 5), '0-2,5')
  assert.is(await list(0, 3, 8190, 8191), '3,8190-8191')
  assert.is(await list(2 ** 30), '', 'no such process')
})

test('a list that is too long is cut, and is no list of one CPU', async ({ allowed }) => {
  const every = Array.from({ length: 40 }, (_, i) => 2 * i)
  const { stdout } = await $(quiet)`${allowed} 0 ${every}`
  assert.match(stdout, /^0,2,4,(\d+,)+\d+\.\.\.$/m)
  assert.ok(stdout.length <= 64)
})

test.run()
