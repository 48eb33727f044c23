import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Fault } from '../../lab/model/fault.ts'
import type { Supply } from '../../lab/model/supply.ts'
import * as fixture from '../fixtures/archive.ts'
import { testSupply } from '../fixtures/supply.ts'
import { liveStore } from './apt.ts'
import { openIndex } from './apt-index.ts'
import { sandboxUser } from './apt-user.ts'
import { transfers } from './host-apt.ts'

// What the host's configuration of apt may tell, and as whom apt fetches. The configuration is one of the test's.

const scratch = mkdtempSync(join(tmpdir(), 'host-apt-'))
const tree = join(scratch, 'debian')
const [main, config] = [join(scratch, 'main.conf'), join(scratch, 'apt.conf.d', '99careless')]
const DAY = 24 * 3600 * 1000
const at = (days: number) => new Date(Date.now() + days * DAY).toUTCString().replace('GMT', 'UTC')
let server: Awaited<ReturnType<typeof fixture.serve>>
let keys: ReturnType<typeof fixture.makeKeys>
let supply: Supply
let notes: string[] = []
let runs = 0

const RUNS = fixture.MAKEABLE && !spawnSync('apt-get', ['--version']).error
const it = RUNS ? test : test.skip

test.before(async () => {
  process.on('exit', () => rmSync(scratch, { recursive: true, force: true }))
  if (!RUNS) return
  keys = fixture.makeKeys(join(scratch, 'gnupg'))
  mkdirSync(dirname(config))
  writeFileSync(main, `Dir::Etc::main "/dev/null";\nDir::Etc::parts "${dirname(config)}";\n`)
  mkdirSync(join(tree, 'pool'), { recursive: true })
  const deb = fixture.makeDeb(join(tree, 'pool'), '7.2.13+deb14-amd64', '7.2.13-1')
  const suites: Record<string, Record<string, string>> = {
    sid: {},
    forky: { 'Valid-Until': at(-30) },
    duke: { 'Valid-Until': at(-300) },
  }
  for (const [suite, fields] of Object.entries(suites))
    keys.sign(fixture.makeSuite(tree, `dists/${suite}`, [deb], [], { Date: at(-1), ...fields }), 'good')
  fixture.makeSuite(tree, 'dists/trixie', [deb], [], { Date: at(-1) })
  keys.publish()
  server = await fixture.serve(scratch)
})

test.before.each(() => {
  if (!RUNS) return
  server.misbehaviours.clear()
  notes = []
  Object.assign(process.env, {
    no_proxy: '127.0.0.1',
    XDG_CACHE_HOME: join(scratch, `cache-${++runs}`),
    APT_CONFIG: main,
  })
  configure()
  supply = testSupply({ mirror: `${server.url}/debian`, keyring: keys.keyring, note: (line) => notes.push(line) })
})

test.after(() => {
  if (!RUNS) return
  server.end()
  keys.end()
})

/** Writes the host's configuration, which has nothing but these lines. */
const configure = (...lines: string[]) => writeFileSync(config, `${lines.join('\n')}\n`)

async function refusal(suite: string, from = supply): Promise<Fault> {
  const error = await openIndex('Packages', suite, from).then(
    () => assert.unreachable('it was taken') as never,
    (error) => error,
  )
  assert.instance(error, Fault, String(error.stack))
  return error
}

/** The user of the process at the other end of a connection on loopback, as Linux tells. */
function userOf(port: number): number {
  const lines = readFileSync('/proc/net/tcp', 'utf8').split('\n').slice(1)
  const local = `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`
  const [, , , , , , , uid] = lines.map((line) => line.trim().split(/\s+/)).find(([, found]) => found === local) ?? []
  return Number(uid)
}

const asRoot = RUNS && process.getuid!() === 0 ? test : test.skip

asRoot('attack: a mirror that takes over apt has only the user of apt', async () => {
  const users = new Map<string, number>()
  for (const end of ['Release', 'Release.gpg', 'Packages.xz', '.deb'])
    server.misbehaviours.set(end, (request, response, content) => {
      users.set(end, userOf(request.socket.remotePort!))
      if (content.length) fixture.whole(request, response, content)
      else response.writeHead(404).end()
    })
  const store = liveStore(['sid'], supply)
  const [image] = await store.images(() => true)
  const dir = join(scratch, 'downloads')
  mkdirSync(dir)
  await store.fetch(image!, dir)
  const { uid } = await sandboxUser()
  assert.is.not(uid, 0)
  for (const end of ['Release', 'Packages.xz', '.deb']) assert.is(users.get(end), uid, end)
})

asRoot('says where apt cannot fetch as its own user', async () => {
  const before = process.env.TMPDIR
  process.env.TMPDIR = join(scratch, 'closed')
  mkdirSync(process.env.TMPDIR, { mode: 0o700 })
  const { message, hint } = await refusal('sid').finally(() => {
    if (before) process.env.TMPDIR = before
    else delete process.env.TMPDIR
  })
  assert.match(message, /as whom apt fetches, cannot write below .*closed/)
  assert.is(hint, 'TMPDIR=/tmp')
})

const CARELESS = [
  'APT::Get::AllowUnauthenticated "true";',
  'Acquire::AllowInsecureRepositories "true";',
  'Acquire::AllowWeakRepositories "true";',
  'Acquire::AllowDowngradeToInsecureRepositories "true";',
]

it('attack: a mirror without signatures, on a host that takes such', async () => {
  configure(...CARELESS)
  assert.match((await refusal('trixie')).message, "cannot read Debian's package index of trixie")
})

it('attack: a mirror without signatures, that the host trusts', async () => {
  const list = join(scratch, 'sources.list')
  writeFileSync(list, `deb [trusted=yes allow-insecure=yes] ${server.url}/debian trixie main\n`)
  configure(...CARELESS, `Dir::Etc::sourcelist "${list}";`, 'Dir::Etc::sourceparts "/dev/null";')
  const { message } = await refusal('trixie', { ...supply, mirror: undefined })
  assert.match(message, `cannot read Debian's package index of trixie at ${server.url}/debian`)
})

it('attack: an index of long ago, on a host that checks no date', async () => {
  assert.match((await refusal('forky')).message, 'is expired')
  configure('Acquire::Check-Valid-Until "false";')
  const named = `Acquire::Check-Valid-Until "false" (${config})`
  const { message } = await refusal('duke')
  assert.match(message, `${named} lets it pass; expected at most 180 days`)
  await openIndex('Packages', 'forky', { ...supply })
  assert.ok(
    notes.some((line) => line.includes(named)),
    notes.join('\n'),
  )
})

it('attack: a mirror with a certificate of its own, on a host that takes any', async () => {
  const [key, cert] = [join(scratch, 'key.pem'), join(scratch, 'cert.pem')]
  const request = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2']
  const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1']
  execFileSync('openssl', [...request, ...subject, '-keyout', key, '-out', cert], { stdio: 'ignore' })
  const asked: string[] = []
  const mirror = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (request, response) => {
    asked.push(request.url!)
    response.writeHead(404).end()
  })
  await new Promise<void>((resolve) => mirror.listen(0, '127.0.0.1', resolve))
  try {
    configure('Acquire::https::Verify-Peer "false";', 'Acquire::https::127.0.0.1::Verify-Host "no";')
    const uri = `https://127.0.0.1:${(mirror.address() as AddressInfo).port}`
    const { hint } = await refusal('sid', { ...supply, mirror: uri })
    assert.match(hint!, `Acquire::https::Verify-Peer "false" (${config}) is not taken`)
    assert.equal(asked, [])
  } finally {
    mirror.close()
  }
})

it('takes how the host transfers, but nothing that weakens it', async () => {
  configure(
    'Acquire::http::Proxy::a.example "http://b.example:3128";',
    'Acquire::https::Verify-Peer "0";',
    'Acquire::https::a.example::Verify-Host "off";',
    'Acquire::ForceHash "md5sum";',
    'Acquire::ForceIPv4 "true";',
  )
  const lines = (await transfers(supply)).options.filter((line) => !line.endsWith(' "";'))
  assert.equal(lines.sort(), ['Acquire::ForceIPv4 "true";', 'Acquire::http::Proxy::a.example "http://b.example:3128";'])
  assert.is((await transfers(supply)).weakened.tls, `Acquire::https::Verify-Peer "0" (${config})`)
  configure('Acquire::https::Verify-Peer "true";', 'Acquire::Check-Date "true";')
  assert.equal((await transfers(supply)).weakened, { tls: undefined, date: undefined })
})

test.run()
