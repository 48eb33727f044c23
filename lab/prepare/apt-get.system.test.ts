import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { ensurePackages } from './packages.ts'

// A real apt-get and dpkg, with a root and packages of their own: those of the host stay as they are.

const installing = suite('installing packages')
const asRoot = process.getuid?.() === 0 ? installing : installing.skip

let dir = ''
const at = (...names: string[]) => join(dir, ...names)
const APT = new URL('./apt-get.ts', import.meta.url).href
const MAIN = new URL('../cli/main.ts', import.meta.url).href

installing.before(async () => {
  const signal = new AbortController().signal
  await ensurePackages({ install: 'always', for: ['host'], note: () => {}, signal })
})

installing.before.each(() => {
  dir = mkdtempSync(join(tmpdir(), 'apt-get-'))
  for (const folder of [
    'deb/DEBIAN',
    'repo',
    'root/var/lib/dpkg/info',
    'root/var/lib/dpkg/updates',
    'root/etc/apt/apt.conf.d',
  ])
    mkdirSync(at(folder), { recursive: true })
  for (const folder of [
    'root/etc/apt/preferences.d',
    'root/var/lib/apt/lists/partial',
    'root/var/cache/apt/archives/partial',
    'root/var/log/apt',
  ])
    mkdirSync(at(folder), { recursive: true })
  writeFileSync(at('root/var/lib/dpkg/status'), '')
  writeFileSync(
    at('deb/DEBIAN/control'),
    'Package: slow-tool\nVersion: 1\nArchitecture: all\nMaintainer: a test <test@example.org>\nDescription: takes a while\n',
  )
  // What is ignored may be heard again by a package's own program.
  writeFileSync(
    at('deb/DEBIAN/postinst'),
    `#!/usr/bin/perl\n$SIG{$_} = 'DEFAULT' for qw(INT TERM HUP);\nsystem 'touch ${at('begun')}'; sleep 2; system 'touch ${at('ended')}';\n`,
    {
      mode: 0o755,
    },
  )
  sh(`dpkg-deb --build deb repo/slow-tool.deb && cd repo && dpkg-scanpackages . > Packages 2>/dev/null`)
  writeFileSync(at('root/etc/apt/sources.list'), `deb [trusted=yes] file:${at('repo')} ./\n`)
  writeFileSync(
    at('apt.conf'),
    `Dir "${at('root')}"; Dir::State::status "${at('root/var/lib/dpkg/status')}"; APT::Sandbox::User "root";
     DPkg::Options { "--root=${at('root')}"; "--force-script-chrootless"; "--log=/dev/null"; }; DPkg::Use-Pty "false";\n`,
  )
})
installing.after.each(() => rmSync(dir, { recursive: true, force: true }))

function sh(command: string) {
  const { status, stderr } = spawnSync('sh', ['-c', command], { cwd: dir, encoding: 'utf8' })
  assert.is(status, 0, stderr)
}

interface As {
  install?: string
  user?: number
  /** What holds it: a program and its words before those of node. */
  within?: (command: string) => [string, ...string[]]
}

/** A command of the lab that installs slow-tool, and then goes on. */
function lab({ install = 'always', user = 0, within }: As = {}) {
  const code = `
    const { main } = await import('${MAIN}'); const { aptInstall } = await import('${APT}'); const { writeFileSync } = await import('node:fs')
    ${user ? `process.setgid(${user}); process.setuid(${user})` : ''}
    await main(async (argv, signal) => {
      const note = (line) => process.stderr.write(line + '\\n')
      const did = await aptInstall(['slow-tool'], 'this host lacks slow-tool', { install: '${install}', note, signal })
      note(did ? 'went on' : 'was not allowed')
      return 0
    })`
  const words = ['--import', 'tsx', '--input-type=module', '-e', code]
  const quoted = [process.execPath, ...words].map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ')
  const [program, ...rest] = within?.(quoted) ?? [process.execPath, ...words]
  const child = spawn(program, rest, {
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, APT_CONFIG: at('apt.conf') },
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk))
  const ended = once(child, 'close').then(([status]) => ({ said, status: status as number }))
  return { child, ended, said: () => said }
}

const status = () => readFileSync(at('root/var/lib/dpkg/status'), 'utf8')

/** Waits for something, for 15 s at most. */
async function until(holds: () => boolean, otherwise: () => string) {
  for (let i = 0; i < 300 && !holds(); i++) await setTimeout(50)
  assert.ok(holds(), otherwise())
}

asRoot('says the command and what it brings; lists that know nothing are updated first', async () => {
  const { said, status: exit } = await lab().ended
  assert.is(exit, 0, said)
  const lines = said.trim().split('\n')
  assert.match(lines[0]!, /^this host lacks slow-tool; apt-get update asks Debian/)
  assert.is(lines[1], 'this host lacks slow-tool; apt-get install -y --no-install-recommends --no-remove slow-tool')
  assert.match(lines[2]!, /^ {2}brings 1 package \(.*to fetch.*\): slow-tool$/)
  assert.is(lines.at(-1), 'went on')
  assert.match(status(), /^Status: install ok installed$/m)
})

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  asRoot(`${signal} in the middle: the package is whole, and nothing comes after it`, async () => {
    const { child, ended } = lab()
    await until(
      () => existsSync(at('begun')),
      () => 'nothing was installed',
    )
    // As a terminal does: to all processes of the group.
    process.kill(-child.pid!, signal)
    const { said, status: exit } = await ended
    assert.ok(existsSync(at('ended')), said)
    assert.match(status(), /^Status: install ok installed$/m)
    assert.match(said, /interrupted: apt-get goes on to its end first/)
    assert.not.match(said, /went on/)
    assert.is(exit, 130)
  })

asRoot('another user is not asked where nobody can answer, and nothing is installed', async () => {
  sh('APT_CONFIG=$PWD/apt.conf apt-get update && chmod 711 . && chmod -R a+rX root repo apt.conf')
  const { said } = await lab({ install: 'ask', user: 65534 }).ended
  assert.match(
    said,
    /lacks slow-tool; sudo apt-get install -y --no-install-recommends --no-remove slow-tool\n {2}brings 1 package/,
  )
  assert.match(said, /was not allowed/)
  assert.is(status(), '')
})

// There may be no sudo here, and none may be used: this one tells that it was called.
const SUDO = '#!/bin/sh\n[ "$1" = -V ] || echo "$*" >> "$0.called"\n'

for (const [key, answer, expected] of [
  ['y', 'y\n', /went on/],
  ['n', 'n\n', /was not allowed/],
  ['Enter', '\n', /was not allowed/],
  ['Ctrl-D', '\x04', /was not allowed/],
  ['Ctrl-C', '\x03', /Type y/],
] as const)
  asRoot(`on a terminal another user is asked before sudo is used: ${key}`, async () => {
    sh('APT_CONFIG=$PWD/apt.conf apt-get update && mkdir bin && chmod 711 . && chmod -R a+rX root repo apt.conf bin')
    writeFileSync(at('bin/sudo'), SUDO, { mode: 0o755 })
    writeFileSync(at('bin/sudo.called'), '')
    chmodSync(at('bin/sudo.called'), 0o666)
    const onTerminal = (command: string) =>
      ['script', '-qec', `PATH=${at('bin')}:$PATH ${command}`, '/dev/null'] as [string, ...string[]]
    const { child, ended, said } = lab({ install: 'ask', user: 65534, within: onTerminal })
    await until(() => /Type y to run sudo apt-get install.*: /.test(said()), said)
    child.stdin.write(answer)
    const { status: exit } = await ended
    assert.match(said(), expected, JSON.stringify(said()))
    const called = readFileSync(at('bin/sudo.called'), 'utf8')
    if (key === 'y') assert.match(called, /^sh -c .* setsid --wait env .* apt-get .* install .* slow-tool\n$/)
    else assert.is(called, '')
    assert.is(exit, key === 'Ctrl-C' ? 130 : 0)
  })

installing.run()
