import type { ChildProcess } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import * as v from 'valibot'
import { accountHolds, alive, fixture, guestsOf, lab, leftovers, measured, scratch, told } from './e2e/harness.ts'
import { type FailedCell, Result } from './model/result.ts'

// The whole lab, end to end: real guests, and every way in which one can end badly, by causing it.

const guests = suite('guests')

for (const kernel of ['6.1', '5.10', 'host'])
  guests(`${kernel}: none loses connections, fd-passing does not, without reloads nothing is lost`, async () => {
    const ran = await lab(['--kernel', kernel, '--case', 'none,fd-passing,no-reload', '--duration', '3'])
    const result = ran.result()
    for (const cell of result.cells) assert.is.not(cell.verdict, 'failed', 'reason' in cell ? cell.reason : '')
    const [none, passing, still] = ['none', 'fd-passing', 'no-reload'].map((name) => measured(result, name))
    for (const cell of [none!, passing!, still!]) accountHolds(cell)
    assert.ok(none!.resets > 0)
    assert.ok(passing!.reloads > 0)
    assert.is(passing!.resets + passing!.refused, 0)
    assert.is(still!.reloads, 0)
    assert.is(still!.resets + still!.refused, 0)
    assert.is(ran.status, 0)
    assert.match(ran.stdout, 'fd-passing')
    assert.match(readFileSync(join(ran.out, 'report.html'), 'utf8'), '<svg')
    assert.match(readFileSync(join(ran.out, 'report.md'), 'utf8'), 'fd-passing')
  })

guests('ack-block: no error by the account of inject, resets by the strict one, in one row', async () => {
  const ran = await lab(['--kernel', '6.1', '--case', 'ack-block', '--duration', '3', '--json'])
  const cell = measured(v.parse(Result, JSON.parse(ran.stdout)), 'ack-block')
  accountHolds(cell)
  assert.is(cell.injectErrs, 0)
  assert.ok(cell.resetsAfterRequest > 0)
  assert.ok(measured(ran.result(), 'none').resets > 0, 'the positive control was added')
})

guests('waiting connections have the same room on all kernels', async () => {
  const ran = await lab(['--kernel', '6.1', ...fixture('backlog'), '--duration', '1'])
  assert.is(ran.status, 0, ran.stdout + ran.stderr)
})

guests('ten thousand connections at a time', async () => {
  const ran = await lab(['--kernel', '6.1', '--case', 'none', '--users', '10000', '--duration', '1'])
  const cell = measured(ran.result(), 'none')
  accountHolds(cell)
  assert.ok(cell.inFlight!.max > 9000, `${cell.inFlight!.max} were under way at most`)
  assert.ok(cell.resets > 0)
})

guests("a stranger's case on the running kernel gets at nothing of the host's", async () => {
  const sysctls = () =>
    ['vm/overcommit_memory', 'vm/swappiness', 'kernel/core_pattern'].map((name) =>
      readFileSync(`/proc/sys/${name}`, 'utf8'),
    )
  const before = sysctls()
  const ran = await lab(['--kernel', 'host', ...fixture('intruder'), '--duration', '1'])
  assert.is(ran.status, 0, ran.stdout + ran.stderr)
  assert.equal(sysctls(), before)
})

guests("a user's own case, in an open loop", async () => {
  const ran = await lab(['--kernel', '6.1', ...fixture('steady'), '--rate', '300', '--duration', '1'])
  const cell = measured(ran.result(), 'steady')
  accountHolds(cell)
  assert.is(cell.load.rate, 300)
  assert.is(ran.status, 0)
})

guests.run()

const failures = suite('never a wrong zero')

/** What goes wrong in the same way wherever a cell runs goes wrong on the running kernel, which boots at once. */
const HOST = ['--kernel', 'host']

/** A run of one cell that must fail, and never be a result. */
async function fails(args: string[], reason: string, options: Parameters<typeof lab>[1] = {}): Promise<FailedCell> {
  const kernel = args.includes('--kernel') ? [] : ['--kernel', '6.1']
  const ran = await lab([...kernel, '--duration', '1', ...args], options)
  assert.is(ran.status, 4, ran.stderr)
  const [cell, ...others] = ran.result().cells
  assert.is(others.length, 0)
  assert.is(cell!.verdict, 'failed')
  assert.not.ok('resets' in cell!)
  assert.match(cell!.reason, reason)
  assert.match(ran.stdout, 'failed')
  assert.equal(leftovers(), [])
  return cell as FailedCell
}

const freeze = async (child: ChildProcess, out: string) => {
  await told('tick', out)
  for (const pid of guestsOf(child)) process.kill(pid, 'SIGSTOP')
}

/** What only time tells: until when it hangs, and the reason that it then has. */
const HANGS: [what: string, args: string[], until: typeof freeze, reason: string][] = [
  ['the guest', ['--case', 'no-reload', '--duration', '5'], freeze, 'hangs: no event for'],
  ['a command of the case', fixture('command-hangs'), (_, out) => told('boot', out), 'did not end within 15 s'],
]

/** Others fail meanwhile: what hangs needs no CPUs, and has none of theirs. */
const hanging = HANGS.map(([what, args, until, reason], i) => {
  let cell: Promise<FailedCell>
  failures(`${what} hangs`, () => {
    const wrap = ['env', `HITLESS_CPUS=${join(scratch, `cpus-${i}`)}`]
    return new Promise<void>((resolve, reject) => {
      const meddle = (child: ChildProcess, out: string) => until(child, out).then(resolve)
      cell = fails(args, reason, { wrap, meddle })
      cell.then(() => resolve(), reject)
    })
  })
  return { what, given: () => cell }
})

failures('the guest panics', async () => {
  const cell = await fails(fixture('panics'), 'its console says "Kernel panic - not syncing: sysrq triggered crash"')
  assert.match(cell.consoleTail.join('\n'), 'Kernel panic')
})

failures('QEMU is killed', async () => {
  const kill = async (child: ChildProcess, out: string) => {
    await told('tick', out)
    for (const pid of guestsOf(child)) process.kill(pid, 'SIGKILL')
  }
  await fails(['--case', 'no-reload', '--duration', '5'], 'ended without "done"', { meddle: kill })
})

failures('the proxy does not start', async () => {
  const cell = await fails([...HOST, ...fixture('bad-config')], 'HAProxy does not start')
  assert.match(cell.consoleTail.join('\n'), 'there is no such keyword'.split(' ')[0]!)
})

failures('the proxy dies during the run', async () => {
  await fails([...HOST, ...fixture('proxy-dies')], 'gone before reload 1')
})

failures('the proxy dies where no reload notices', async () => {
  await fails([...fixture('proxy-dies-last'), '--duration', '2'], 'is gone after the last reload')
})

failures('a reload fails', async () => {
  const cell = await fails(fixture('reload-fails'), 'reload 0: /cell/reload ended with status 1')
  assert.match(cell.consoleTail.join('\n'), 'there-is-no-such-file')
})

failures('a command of the case fails', async () => {
  const cell = await fails(fixture('command-fails'), 'reload 0: /cell/before ended with status')
  assert.match(cell.consoleTail.join('\n'), 'iptables')
})

failures('a descriptor is not passed on', async () => {
  await fails(fixture('not-passed'), 'has a listener of its own')
})

failures('the event stream is garbled', async () => {
  await fails(fixture('garbles'), 'not JSON: "not an event"')
})

failures('the disk is full', async () => {
  const disk = join(scratch, 'full')
  // It fills up once the load has begun.
  const told = `grep -qs tick ${disk}/run/*/*/events.jsonl`
  const fill = `for i in $(seq 600); do ${told} && exec cat /dev/zero >${disk}/zeros; sleep 0.1; done`
  const small = [
    'unshare',
    '--user',
    '--map-root-user',
    '--mount',
    'sh',
    '-c',
    `mkdir -p ${disk} && mount -t tmpfs -o size=2m none ${disk} || exit; (${fill}) 2>/dev/null & exec "$@"`,
    'sh',
  ]
  const ran = await lab(['--kernel', '6.1', '--case', 'no-reload', '--duration', '2', '--out', join(disk, 'run')], {
    wrap: small,
  })
  assert.is(ran.status, 4)
  assert.match(ran.stdout, 'ENOSPC')
  assert.match(ran.stderr, 'cannot save')
  assert.equal(leftovers(), [])
})

for (const { what, given } of hanging)
  failures(`${what} hangs: it is given up`, async () => {
    await given()
  })

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  failures(`${signal} leaves nothing running and keeps what was measured`, async () => {
    let guests: number[] = []
    const interrupt = async (child: ChildProcess, out: string) => {
      await told('done', out)
      while (!guests.length) {
        await new Promise((resolve) => setTimeout(resolve, 50))
        guests = guestsOf(child)
      }
      child.kill(signal)
    }
    const ran = await lab(['--kernel', '6.1', '--case', 'none,no-reload', '--duration', '1'], { meddle: interrupt })
    assert.is(ran.status, 130, ran.stderr)
    assert.ok(ran.result().interrupted)
    assert.ok(measured(ran.result(), 'none').connections > 0)
    assert.not.ok(measured(ran.result(), 'no-reload'))
    assert.equal(guests.filter(alive), [])
    assert.equal(leftovers(), [])
  })

failures.run()

const usage = suite('bad input')

const taken = join(scratch, 'taken')
mkdirSync(taken)
writeFileSync(join(taken, 'plan.json'), '')
const namesake = join(scratch, 'namesake.ts')
writeFileSync(
  namesake,
  "export default { name: 'none', title: 'x', idea: 'x', source: 'x', expects: [{ resets: 'some', because: 'x' }], drawbacks: [] }",
)

// What is wrong with the words alone is tested beside lab/cli/options.ts.
const REFUSED: [args: string[], status: number, message: string][] = [
  [[], 2, '--kernel is missing'],
  [['--kernel', '9.99'], 2, '9.99'],
  [['--kernel', 'package.json'], 2, 'package.json'],
  [['--kernel', '6.1', ...fixture('no-case')], 2, 'is no case: name "No Case": expected lower-case words'],
  [
    ['--kernel', '6.1', '--case', namesake],
    2,
    `--case ${namesake}: its name is "none", and a case of the lab is called so`,
  ],
  [
    ['--kernel', '6.1', '--users', '0', '--case', '('],
    2,
    '--users "0": expected a whole number from 1 to 10000\nhitless: --case (: no such case',
  ],
  [['--kernel', '6.1', '--out', 'package.json/run'], 2, '--out package.json/run: '],
  [['--kernel', '6.1', '--out', '/proc/nope/run'], 2, '--out /proc/nope/run: '],
  [
    ['--kernel', '6.1', '--out', taken],
    2,
    `--out ${taken}: expected a folder that is new or empty, and plan.json is in it\ntry: npx tsx lab/run.ts --resume ${taken}, or another --out`,
  ],
]
for (const [args, status, message] of REFUSED)
  usage(`${args.join(' ') || 'no option'}: exit ${status}`, async () => {
    const ran = await lab(args)
    assert.is(ran.status, status, ran.stderr)
    assert.ok(ran.stderr.includes(message), ran.stderr)
    assert.is(ran.stdout, '')
    assert.not(existsSync(ran.out), 'nothing is left of a run that never began')
  })

usage(
  'more users than the limit of descriptors allows on the running kernel: exit 3, and nothing is started',
  async () => {
    const limited = ['sh', '-c', 'ulimit -n 3000 && exec "$@"', 'sh']
    const ran = await lab(['--kernel', 'host', '--users', '1000'], { wrap: limited })
    assert.is(ran.status, 3)
    assert.match(
      ran.stderr,
      /1000 connections at a time .*needs 4100 descriptors, and the hard limit here is 3000 \(ulimit -Hn\)/,
    )
    assert.match(ran.stderr, 'try: ulimit -n 4100')
    assert.not.match(ran.stderr, '--resume')
    assert.not(existsSync(ran.out))
  },
)

usage('--help shows examples', async () => {
  const ran = await lab(['--help'])
  assert.is(ran.status, 0)
  assert.match(ran.stdout, 'npx tsx lab/run.ts --kernel 6.1')
})

usage.run()
