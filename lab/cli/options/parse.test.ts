import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Fault } from '../../model/fault.ts'
import { helpOf } from './help.ts'
import { parse } from './parse.ts'
import { SUPPLY } from './supply.ts'
import { type Name, OPTIONS } from './table.ts'

const scratch = mkdtempSync(join(tmpdir(), 'hitless-test-'))
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }))

const verb = (...options: Name[]) => ({
  command: 'npx tsx lab/verb.ts',
  about: 'Does this and that.',
  usage: ['[options]'],
  options,
  examples: ['npx tsx lab/verb.ts'],
  notes: 'Exit status: 0.',
})

const supply = verb(...SUPPLY)

async function set(environment: Record<string, string>, ...argv: string[]) {
  const parsed = await parse(supply, argv, undefined, environment)
  return (parsed as Exclude<typeof parsed, string>).values
}

async function mistake(environment: Record<string, string>, ...argv: string[]): Promise<string> {
  return set(environment, ...argv).then(
    () => 'no mistake',
    (fault: Fault) => fault.message,
  )
}

test('no option, no variable: nothing is replaced', async () => {
  assert.equal(await set({}), { offline: false })
  assert.equal(await set({ HITLESS_ARCHIVE: '', HITLESS_OFFLINE: '' }), { offline: false })
})

test('URIs lose their last slash', async () => {
  for (const uri of ['http://a.example/x', 'https://a.example/x/', 'file:///srv/x', 'file:/srv/x/'])
    assert.is((await set({}, '--mirror', uri)).mirror, uri.replace(/\/$/, ''))
})

test('the environment says the same as the options, which win', async () => {
  const environment = { HITLESS_MIRROR: 'http://a.example/', HITLESS_SNAPSHOT: 'file:///srv', HITLESS_OFFLINE: '1' }
  const { mirror, snapshot, offline } = await set(environment, '--mirror', 'http://b.example')
  assert.equal([mirror, snapshot, offline], ['http://b.example', 'file:///srv', true])
  assert.is((await set({ HITLESS_OFFLINE: '0' })).offline, false)
})

test('a variable that no option of the verb has says nothing', async () => {
  assert.equal(await parse(verb('json'), [], undefined, { HITLESS_MIRROR: 'nowhere' }), {
    values: { json: false },
    words: [],
    typed: [],
  })
})

const armoured = join(scratch, 'key.asc')
writeFileSync(armoured, '-----BEGIN PGP PUBLIC KEY BLOCK-----\n')
writeFileSync(join(scratch, 'key.gpg'), '')

test('a keyring becomes an absolute path', async () => {
  const here = process.cwd()
  process.chdir(scratch)
  try {
    assert.is((await set({ HITLESS_KEYRING: 'key.gpg' })).keyring, join(process.cwd(), 'key.gpg'))
  } finally {
    process.chdir(here)
  }
})

for (const [variable, value, expected] of [
  ['HITLESS_MIRROR', 'ftp://a.example', 'HITLESS_MIRROR "ftp://a.example": expected a URI that begins with http:,'],
  ['HITLESS_SNAPSHOT', 'a.example', 'HITLESS_SNAPSHOT "a.example": expected a URI'],
  [
    'HITLESS_KEYRING',
    join(scratch, 'none'),
    `HITLESS_KEYRING: expected a file with public keys, and there is no ${scratch}`,
  ],
  ['HITLESS_KEYRING', armoured, `not in ASCII armour: gpg --dearmor ${armoured}`],
  ['HITLESS_OFFLINE', 'yes', 'HITLESS_OFFLINE "yes": expected 1 or 0'],
] as const)
  test(`refuses ${variable}=${value.replace(scratch, '')}`, async () => {
    const found = await mistake({ [variable]: value })
    assert.ok(found.includes(expected), found)
  })

test('words are mistakes of a verb that takes none', async () => {
  assert.match(await mistake({}, 'x'), 'x: expected an option: --mirror, --archive,')
})

test('each option is shown with its bounds and its default, in 80 columns', () => {
  const names = Object.keys(OPTIONS) as Name[]
  const help = helpOf(verb(...names))
  for (const line of help.split('\n')) assert.ok(line.length <= 80, line)
  for (const name of names) assert.match(help, new RegExp(`^  --${OPTIONS[name].flag}\\b`, 'm'))
  const text = help.replace(/\s+/g, ' ')
  for (const part of [
    '(1 to 100) [2;',
    '(1 to 200000)',
    "(-1 to 10000) [the proxy's own]",
    "[haproxy:2.6; on Linux 4.9 and older that of the kernel's time]",
    '[all but variants]',
    'in an open loop (half, --rate) once the accept queues are short again',
  ])
    assert.ok(text.includes(part), part)
})

test('flags are written once', () => {
  const flags = Object.values(OPTIONS).map(({ flag }) => flag)
  assert.equal(new Set(flags).size, flags.length)
})

test.run()
