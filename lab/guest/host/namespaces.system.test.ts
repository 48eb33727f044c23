import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { $ } from 'zx'
import { type Refusers, refusal } from './namespaces.ts'

const HOST: Refusers = {
  said: 'unshare: unshare failed: Operation not permitted',
  root: false,
  chrooted: false,
  filtered: false,
  knobs: { max: 96_365, clone: null, apparmor: null },
}
const knobs = (set: Partial<Refusers['knobs']>) => ({ knobs: { ...HOST.knobs, ...set } })

const REFUSALS: [name: string, host: Partial<Refusers>, what: string, mend: string][] = [
  ['a limit of none', knobs({ max: 0 }), 'user.max_user_namespaces is 0', 'sysctl -w user.max_user_namespaces='],
  ["Debian's old knob", knobs({ clone: 0 }), 'kernel.unprivileged_userns_clone is 0', 'unprivileged_userns_clone=1'],
  ['the same knob, for root', { root: true, ...knobs({ clone: 0 }) }, HOST.said, '--kernel 6.1'],
  ['AppArmor', knobs({ apparmor: 1 }), 'AppArmor restricts', 'apparmor_restrict_unprivileged_userns=0'],
  ['a chroot', { root: true, chrooted: true }, 'in a chroot', 'outside of the chroot'],
  ['a chroot in a container', { root: true, chrooted: true, filtered: true }, 'in a chroot', 'outside of the chroot'],
  ['a container', { root: true, filtered: true }, 'container', 'docker run --privileged'],
  ['what nobody foresaw', {}, HOST.said, '--kernel 6.1'],
]
for (const [name, host, what, mend] of REFUSALS)
  test(`refused by ${name}`, () => {
    const found = refusal({ ...HOST, ...host })
    assert.match(found.what, what)
    assert.match(found.mend, mend)
  })

/** Runs a command of the lab in a place where user namespaces are refused, by this prefix. */
const tried = (prefix: string[], ...command: string[]) =>
  $({ nothrow: true, quiet: true })`${prefix} ${process.execPath} --import tsx ${command}`

const NONE_LEFT = [
  ...['unshare', '--user', '--map-root-user', 'sh', '-c'],
  ...['echo 0 >/proc/sys/user/max_user_namespaces && exec "$@"', 'sh'],
]

test('--kernel host where namespaces are refused: exit 3, what refuses, and what to type; doctor says the same', async () => {
  const ran = await tried(NONE_LEFT, 'lab/run.ts', '--kernel', 'host', '--case', 'none')
  assert.is(ran.exitCode, 3, ran.stderr)
  assert.match(ran.stderr, '--kernel host: no namespaces for its guest: user.max_user_namespaces is 0')
  assert.match(ran.stderr, 'try: sudo sysctl -w user.max_user_namespaces=10000')
  assert.is(ran.stdout, '')
  const doctor = await tried(NONE_LEFT, 'lab/doctor.ts')
  assert.is(doctor.exitCode, 3)
  assert.match(doctor.stdout, /^MISSING .*--kernel host \(user\.max_user_namespaces is 0\): sudo sysctl -w user/m)
})

if (process.getuid?.() !== 0) test.skip('in a chroot: only root can enter one', () => {})
else
  test('in a chroot', async () => {
    const root = mkdtempSync(join(tmpdir(), 'hitless-test-'))
    try {
      mkdirSync(join(root, 'root'))
      const enter = `mount --rbind / ${root}/root && exec chroot ${root}/root sh -c 'cd "$0" && exec "$@"' ${process.cwd()} "$@"`
      const ran = await tried(['unshare', '--mount', 'sh', '-c', enter, 'sh'], 'lab/run.ts', '--kernel', 'host')
      assert.is(ran.exitCode, 3, ran.stderr)
      // Not everywhere can a process see that it is in one.
      assert.match(ran.stderr, /^try: run the lab outside of (the|any) chroot/m)
    } finally {
      rmSync(root, { recursive: true })
    }
  })

test.run()
