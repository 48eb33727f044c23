import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'

// For tests: a small archive of Debian's shape with keys of its own, and a server on loopback that can misbehave.

/** Programs that the archive is made with; tests that need it are skipped where one is missing. */
export const MAKEABLE = ['gpg', 'gpgv', 'dpkg-deb', 'xz'].every((program) => !spawnSync(program, ['--version']).error)

/** Days as gpg's --faked-system-time takes them. */
const [CREATED, IN_TIME, EXPIRY_SET, LATE] = ['20120101', '20120601', '20120102', '20140601']

/** good: never expires; expired: did so in 2013; wrong: in nobody's keyring. */
export type Key = 'good' | 'expired' | 'wrong'

/** Keys that live in a directory; `end` stops what gpg started there. */
export function makeKeys(home: string) {
  mkdirSync(home, { recursive: true, mode: 0o700 })
  const at = (day: string) => ['--faked-system-time', `${day}T000000`]
  const gpg = (...args: string[]) =>
    execFileSync('gpg', ['--homedir', home, '--batch', '--yes', '--quiet', '--passphrase', '', ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
  for (const key of ['good', 'expired', 'wrong'] satisfies Key[])
    gpg(...at(CREATED), '--quick-generate-key', key, 'ed25519', 'sign', 'never')
  const keyring = join(home, 'trusted.gpg')
  return {
    keyring,
    sign: (file: string, key: Key, late = false) =>
      gpg(
        ...at(late ? LATE : IN_TIME),
        '--local-user',
        key,
        '--output',
        `${file}.gpg`,
        '--armor',
        '--detach-sign',
        file,
      ),
    /** Writes the keyring. Before, every key can sign, whatever the day. */
    publish() {
      const fingerprint = /^fpr:+(\w+)/m.exec(gpg('--with-colons', '--list-keys', 'expired').toString())![1]!
      gpg(...at(EXPIRY_SET), '--quick-set-expire', fingerprint, '1y')
      gpg('--output', keyring, '--export', 'good', 'expired')
    },
    end() {
      for (const order of [['--kill', 'all'], ['--remove-socketdir']])
        spawnSync('gpgconf', ['--homedir', home, ...order])
    },
  }
}

/** A file that counts as a bzImage; what it holds cannot be unpacked. */
export function fakeImage(name: string, version: string): Buffer {
  const setup = Buffer.alloc(1024)
  setup[0x1f1] = 1
  setup.write('HdrS', 0x202)
  setup.writeUInt16LE(0x020f, 0x206)
  setup.writeUInt16LE(0x100, 0x20e)
  setup.writeUInt32LE(64, 0x24c)
  setup.write(`${name} (someone) #1 SMP Debian ${version} (2014-01-01)\0`, 0x300)
  return Buffer.concat([setup, Buffer.alloc(64, 'x')])
}

/**
 * Makes the .deb of a kernel and returns its path.
 *
 * @param part the package's name without the kernel's: linux-image, linux-modules …
 */
export function makeDeb(pool: string, name: string, version: string, part = 'linux-image', depends = ''): string {
  const tree = join(pool, `tree-${name}`)
  const write = (path: string, content: string | Buffer) => {
    mkdirSync(dirname(join(tree, path)), { recursive: true })
    writeFileSync(join(tree, path), content)
  }
  const control = {
    Package: `${part}-${name}`,
    Version: version,
    Architecture: 'amd64',
    Maintainer: 'x <x@example.org>',
    ...(depends && { Depends: depends }),
  }
  write('DEBIAN/control', `${lines(control)}Description: a kernel\n`)
  write(`boot/vmlinuz-${name}`, fakeImage(name, version))
  write(`boot/config-${name}`, 'CONFIG_NET=y\n')
  write(`lib/modules/${name}/modules.order`, '')
  const path = join(pool, `${part}-${name}_${version}_amd64.deb`)
  execFileSync('dpkg-deb', ['--root-owner-group', '-Zgzip', '-b', tree, path], { stdio: 'ignore' })
  rmSync(tree, { recursive: true })
  return path
}

const lines = (fields: Record<string, string>) =>
  Object.entries(fields)
    .map(([key, value]) => `${key}: ${value}\n`)
    .join('')

export const digest = (kind: 'sha1' | 'sha256', content: Buffer) => createHash(kind).update(content).digest('hex')

/** Writes `dists/…` of a suite that lists .debs of its tree: Packages.xz and .gz, and Release, to be signed. */
export function makeSuite(tree: string, dists: string, debs: string[]): string {
  const stanzas = debs.map((deb) => {
    const content = readFileSync(deb)
    const control = execFileSync('dpkg-deb', ['-f', deb, 'Package', 'Version', 'Architecture', 'Depends']).toString()
    const facts = {
      Filename: deb.slice(tree.length + 1),
      Size: String(content.length),
      SHA256: digest('sha256', content),
    }
    return `${control}${lines(facts)}`
  })
  const index = Buffer.from(stanzas.join('\n'))
  const dir = join(tree, dists)
  const files = { '': index, '.xz': execFileSync('xz', ['-c'], { input: index }), '.gz': gzipSync(index) }
  mkdirSync(join(dir, 'main/binary-amd64'), { recursive: true })
  const listed = Object.entries(files).map(([packed, content]) => {
    const path = `main/binary-amd64/Packages${packed}`
    // Archives list what it unpacks to, and do not serve it.
    if (packed) writeFileSync(join(dir, path), content)
    return ` ${digest('sha256', content)} ${content.length} ${path}\n`
  })
  const release = join(dir, 'Release')
  const facts = { Origin: 'Debian', Codename: dists.split('/')[1]!, Architectures: 'amd64', Components: 'main' }
  writeFileSync(release, `${lines(facts)}Date: Fri, 01 Jun 2012 00:00:00 UTC\nSHA256:\n${listed.join('')}`)
  return release
}

/** Answers a request in place of the server; `content` is what the file holds. */
export type Misbehaviour = (request: IncomingMessage, response: ServerResponse, content: Buffer) => void

/** Serves a directory on loopback as archives do, ranges included, but for paths (their ends) that misbehave. */
export async function serve(root: string) {
  const misbehaviours = new Map<string, Misbehaviour>()
  const requests: string[] = []
  const server = createServer((request, response) => {
    const url = decodeURIComponent(request.url!)
    requests.push(`${request.method} ${url}${request.headers.range ? ` ${request.headers.range}` : ''}`)
    const path = join(root, url.endsWith('/') ? `${url}index.html` : url)
    const content = existsSync(path) && statSync(path).isFile() ? readFileSync(path) : null
    const misbehave = [...misbehaviours].find(([end]) => url.endsWith(end))?.[1]
    if (misbehave) misbehave(request, response, content ?? Buffer.alloc(0))
    else if (content) whole(request, response, content)
    else response.writeHead(404).end('no such file')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    misbehaviours,
    requests,
    end: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

/** The file, or the part of it that was asked for. */
export const whole: Misbehaviour = (request, response, content) => {
  const from = Number(/^bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? Number.NaN)
  if (Number.isNaN(from)) response.writeHead(200, { 'content-length': content.length }).end(content)
  else {
    const part = content.subarray(from)
    const range = `bytes ${from}-${content.length - 1}/${content.length}`
    response.writeHead(206, { 'content-length': part.length, 'content-range': range }).end(part)
  }
}

/** Misbehaves so many times, then no more. */
export const times = (count: number, misbehave: Misbehaviour): Misbehaviour => {
  let left = count
  return (...of) => (left-- > 0 ? misbehave : whole)(...of)
}

/** Every file below a directory. */
export const filesBelow = (dir: string): string[] =>
  existsSync(dir)
    ? readdirSync(dir, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    : []
