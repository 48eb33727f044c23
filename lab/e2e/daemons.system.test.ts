import { execFileSync } from 'node:child_process'
import { chownSync, cpSync, mkdirSync, mkdtempSync, readdirSync, symlinkSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { finished } from 'node:stream/promises'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { testSupply } from '../../images/fixtures/supply.ts'
import { Patience } from '../engine/docker/away.ts'
import { reachDaemon } from '../engine/docker/daemon.ts'
import { work } from '../engine/docker/work.ts'
import { resultIn } from '../saved/reference.ts'
import { makeCertificates } from './certificates.ts'
import { Dockerd, ensureBase, SEED } from './dockerd.ts'
import { accountHolds, doctor, fixture, lab, measured, scratch } from './harness.ts'
import { asUser, Rootless, USER } from './rootless.ts'

// The ways to a daemon: by TLS, from a host that has nothing else, as a user who may not use it, and to a rootless one.

const QUICK = ['--kernel', '6.1', '--accel', 'tcg', '--duration', '1', '--engine', 'docker', '--case', 'none']

const port = await freePort()
const own = join(scratch, 'certificates')
const foreign = join(scratch, 'foreign')
const daemon = new Dockerd('daemon', {
  words: [
    ...['--host', `tcp://127.0.0.1:${port}`, '--tlsverify', '--tlscacert', join(own, 'ca.pem')],
    ...['--tlscert', join(own, 'server.pem'), '--tlskey', join(own, 'server-key.pem')],
  ],
})

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** What runs a lab that reaches the daemon by TLS, with a folder of certificates. */
const byTls = (certificates: string, host = `127.0.0.1:${port}`) => [
  'env',
  ...Object.entries({
    ...daemon.env,
    DOCKER_HOST: `tcp://${host}`,
    DOCKER_TLS_VERIFY: '1',
    DOCKER_CERT_PATH: certificates,
  }).map(([name, value]) => `${name}=${value}`),
]

/** A host for a lab that has no tool of its own: with a home and a cache that are empty, and are a user's. */
function bare(user = 0) {
  const folder = mkdtempSync(join(scratch, 'bare-'))
  const [bin, home, cache] = ['bin', 'home', 'cache'].map((name) => join(folder, name)) as [string, string, string]
  for (const path of [bin, home, cache]) mkdirSync(path)
  for (const path of [home, cache]) chownSync(path, user, user)
  // apt-config says which mirror a Debian reads.
  for (const name of ['node', 'apt-config'])
    symlinkSync(execFileSync('which', [name], { encoding: 'utf8' }).trim(), join(bin, name))
  return { cache, home, words: [`PATH=${bin}`, `HOME=${home}`, `XDG_CACHE_HOME=${cache}`] }
}

/** The CPUs that a worker has which is given some. */
async function allowedIn({ env }: Dockerd, cpus: string): Promise<string> {
  const daemon = await reachDaemon(Object.assign(process.env, env))
  const { note, signal } = testSupply()
  const shop = { daemon, image, note, patience: new Patience(daemon, note) }
  const rights = { network: 'none' as const, cpus, memory: null, kvm: false, files: [] }
  return (await work(shop, { do: 'describe' }, rights, {}, signal)).answer.allowed
}

/** The name of the lab's image, once a run has had it: what is saved by its Id has no name where it is loaded. */
let image: string

const ways = suite('ways to a daemon')
ways.before(async () => {
  await Promise.all([own, foreign].map(makeCertificates))
  await daemon.start()
  await ensureBase(daemon)
  await daemon.seed(SEED)
})

ways('by TLS, from a host that has Node.js and no tool of the lab', async () => {
  const { words, cache } = bare()
  const ran = await lab(QUICK, { wrap: [...byTls(own), ...words] })
  assert.ok(ran.status === 0 || ran.status === 1, ran.stderr + ran.stdout)
  const result = ran.result()
  accountHolds(measured(result, 'none'))
  image = result.host.image!
  assert.not.match(ran.stderr, 'installing')
  assert.match(ran.stderr, 'flock is not on the PATH: another lab on this machine may take the same CPUs')
  assert.equal(readdirSync(cache, { recursive: true }), [], 'all that was fetched and built is in the volume')
})

ways('a lab and a daemon that do not trust each other', async () => {
  const said = async (wrap: string[], words = ['--case', 'none']) => {
    const { status, stderr } = await lab([...QUICK.slice(0, -2), ...words], { wrap })
    return { status, stderr }
  }
  const mixed = join(scratch, 'mixed')
  cpSync(foreign, mixed, { recursive: true })
  cpSync(join(own, 'ca.pem'), join(mixed, 'ca.pem'))
  const both =
    /^hitless: the Docker daemon at tcp:.* and this lab do not trust each other, .*: .*\ntry: see whether ca\.pem, cert\.pem and key\.pem in /m
  const other = await said(byTls(foreign))
  assert.is(other.status, 3, other.stderr)
  assert.match(other.stderr, both)
  const unknown = await said(byTls(mixed))
  assert.is(unknown.status, 3, unknown.stderr)
  assert.match(unknown.stderr, both)
  const named = await said(byTls(own, `localhost:${port}`))
  assert.is(named.status, 3, named.stderr)
  assert.match(named.stderr, "does not match certificate's altnames")
  const plain = await said([...byTls(own), 'DOCKER_TLS_VERIFY='])
  assert.is(plain.status, 3, plain.stderr)
  assert.match(plain.stderr, `the Docker daemon at tcp://127.0.0.1:${port} wants TLS`)
  const mine = await said(byTls(own), fixture('steady'))
  assert.is(mine.status, 2, mine.stderr)
  assert.match(mine.stderr, /the daemon at tcp:.* cannot read .*steady\.ts of this machine; expected /)
})

ways('a user who may not use it', async () => {
  const nobody = 65_534
  const { home, words } = bare(nobody)
  const env = Object.entries(daemon.env).map(([name, value]) => `${name}=${value}`)
  const ran = await lab([...QUICK, '--out', join(home, 'run')], { wrap: [...asUser(nobody), 'env', ...env, ...words] })
  assert.is(ran.status, 3, ran.stderr + ran.stdout)
  assert.match(ran.stderr, `the Docker daemon at unix://${daemon.socket} may not be used by this user`)
  assert.match(ran.stderr, 'usermod -aG docker')
})

ways('a rootless one of a user, which has no cpusets, and whose containers still have CPUs of their own', async () => {
  const rootless = new Rootless('rootless')
  await rootless.start()
  try {
    const info = (await rootless.docker.info()) as { CPUSet: boolean; SecurityOptions: string[] }
    assert.ok(info.SecurityOptions.includes('name=rootless'))
    assert.is(info.CPUSet, false)
    const { status, stdout } = await doctor(rootless.env, '--engine', 'docker')
    assert.is(status, 0, stdout)
    assert.match(stdout, /^without limits of CPUs and memory .*: delegate /m)
    const loading = await rootless.docker.loadImage(await daemon.docker.getImage(image).get())
    await finished(loading.resume())
    await rootless.seedFrom(daemon)
    const { home, words } = bare(USER)
    const env = Object.entries(rootless.env).map(([name, value]) => `${name}=${value}`)
    const out = join(home, 'run')
    const ran = await lab([...QUICK, '--out', out], {
      wrap: [...asUser(USER), 'env', ...env, ...words],
    })
    assert.ok(ran.status === 0 || ran.status === 1, ran.stderr + ran.stdout)
    assert.not.match(ran.stderr, 'building the image')
    accountHolds(measured(resultIn(out), 'none'))
    assert.is(await allowedIn(rootless, '1'), '1')
    assert.equal(await rootless.docker.listContainers({ all: true }), [])
  } finally {
    await rootless.end()
  }
})

ways.after(() => daemon.end())
ways.run()
