import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Console } from './console.ts'

/** How a kernel died whose console says this, in pieces of some characters, as they come from a serial port. */
function deathOf(text: string, piece = 7) {
  const console = new Console()
  let deaths = 0
  console.on('death', () => deaths++)
  for (let at = 0; at < text.length; at += piece) console.read(text.slice(at, at + piece))
  assert.ok(deaths <= 1, `told ${deaths} times`)
  return console.death
}

const DEATHS: [what: string, console: string, words: string, forSure: boolean][] = [
  [
    '2.6.32, without times',
    'VFS: Cannot open root device\r\nKernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)\r\nPid: 1, comm: swapper Not tainted 2.6.32.9 #1\r\nCall Trace:\r\n',
    'Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)',
    false,
  ],
  [
    'a panic of its own accord',
    '[    3.021654] Kernel panic - not syncing: sysrq triggered crash\n[    3.022041] CPU: 0 PID: 79 Comm: sh\n[    3.1] ---[ end Kernel panic - not syncing: sysrq triggered crash ]---\n',
    'Kernel panic - not syncing: sysrq triggered crash',
    false,
  ],
  [
    'an oops, with the thread that printed',
    '[    1.5][    T1] BUG: kernel NULL pointer dereference, address: 0000000000000000\n[    1.5][    T1] Oops: 0002 [#1] PREEMPT SMP\n[    1.6][    C0] RIP: 0010:x\n[    1.7][    T1] Kernel panic - not syncing: Fatal exception in interrupt\n[    1.8] Kernel Offset: disabled\n',
    'Kernel panic - not syncing: Fatal exception in interrupt (BUG: kernel NULL pointer dereference, address: 0000000000000000)',
    false,
  ],
  [
    'a trap that no "BUG" goes before',
    '[    0.31] int3: 0000 [#1] PREEMPT SMP\n[    0.35] Kernel panic - not syncing: Fatal exception\n',
    'Kernel panic - not syncing: Fatal exception (int3: 0000 [#1] PREEMPT SMP)',
    false,
  ],
  [
    'behind the unfinished line of a program',
    'resetting … [   12.345678] Kernel panic - not syncing: softlockup: hung tasks\n',
    'Kernel panic - not syncing: softlockup: hung tasks',
    false,
  ],
  [
    'gzip, corrupt',
    '\n\nDecompressing Linux... \n\nincorrect data check\n\n -- System halted',
    'incorrect data check, System halted',
    true,
  ],
  [
    'gzip of 2.6.32, corrupt',
    '\nDecompressing Linux... \n\ncrc error\n\n -- System halted',
    'crc error, System halted',
    true,
  ],
  [
    'an unknown format',
    'early console in extract_kernel\r\n\r\n\r\ninvalid compressed format (err=1)\r\n\r\n -- System halted',
    'invalid compressed format (err=1), System halted',
    true,
  ],
]
for (const [what, console, words, forSure] of DEATHS)
  test(`death: ${what}`, () => {
    for (const piece of [1, 7, 4000]) assert.equal(deathOf(console, piece), { words, forSure })
  })

const HARMLESS: [what: string, console: string][] = [
  ['the command line', '[    0.0] Kernel command line: console=ttyS0 loglevel=4 panic=-1 oops=panic\n'],
  ['a program that quotes it', 'grep: no "Kernel panic - not syncing" in dmesg\n'],
  ['a line that ends otherwise', '# echo Kernel panic - not syncing\n'],
  [
    'a warning',
    '[    2.1] WARNING: CPU: 0 PID: 1 at net/core/dev.c:1 foo+0x1/0x2\n[    2.1] ---[ end trace 0000000000000000 ]---\n',
  ],
  ['an oops alone', '[    2.1] BUG: scheduling while atomic: sh/79/0x00000002\n'],
  ['power off', '[    9.9] reboot: System halted\n'],
]
for (const [what, console] of HARMLESS) test(`no death: ${what}`, () => assert.is(deathOf(console), null))

test('of a second death it tells, too', () => {
  const console = new Console()
  const told: string[] = []
  console.on('death', ({ words }) => told.push(words))
  for (const why of ['first', 'second']) console.read(`Kernel panic - not syncing: ${why}\n`)
  assert.equal(
    told.map((words) => words.split(': ')[1]),
    ['first', 'second'],
  )
})

test.run()
