import { readFileSync } from 'node:fs'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { buildWords, proxyVariables } from './image.ts'
import { hostConfig } from './rights.ts'

test('variables of a proxy are handed on in the spelling in which they are set', () => {
  const environment = { http_proxy: 'http://a:1', NO_PROXY: 'localhost', HOME: '/root' }
  assert.equal(proxyVariables(environment), { http_proxy: 'http://a:1', NO_PROXY: 'localhost' })
})

test('before a build it is said how much is fetched, and README and lab say the same', () => {
  const said = buildWords('hitless:0123456789ab', 'debian:trixie-slim')
  for (const part of [/hitless:0123456789ab from debian:trixie-slim/, /some 200 MB are fetched/, /some minutes/])
    assert.match(said, part)
  const [, gigabytes] = /has ([\d.]+) GB/.exec(said)!
  const readme = readFileSync('lab/engine/README.md', 'utf8')
  assert.match(readme, /fetches some 200 MB and takes some minutes/)
  assert.match(readme, `shows ${gigabytes} GB`)
})

test('the image has what the lab needs of a host', async () => {
  const { missingPackages } = await import('../../prepare/packages.ts')
  const installed = /apt-get install([\s\S]*?)&&/.exec(readFileSync('images/Dockerfile', 'utf8'))![1]!
  const path = process.env.PATH
  process.env.PATH = '/nonexistent'
  const needed = missingPackages(['qemu']).filter((name) => !/^(apt|gcc)$/.test(name))
  process.env.PATH = path
  assert.ok(needed.length > 10)
  for (const name of needed) assert.match(installed, new RegExp(`\\s${name}\\s`), `images/Dockerfile lacks ${name}`)
})

test('a container has no right by itself, and those it gets are the ones that are asked for', () => {
  const none = { network: 'none' as const, cpus: null, memory: null, kvm: false, files: [] }
  const bare = hostConfig(none)
  assert.equal([bare.NetworkMode, bare.CapDrop, bare.CapAdd, bare.Devices], ['none', ['ALL'], [], []])
  assert.equal([bare.ReadonlyRootfs, bare.SecurityOpt, bare.Privileged], [true, ['no-new-privileges'], undefined])
  assert.equal([bare.Memory, bare.CpusetCpus], [undefined, undefined])
  const given = hostConfig({ ...none, cpus: '2,3', memory: 1024, kvm: true, files: ['/a'] })
  assert.equal([given.CpusetCpus, given.Memory, given.MemorySwap, given.CapAdd], ['2,3', 1024, 1024, ['DAC_OVERRIDE']])
  assert.is(given.Devices![0]!.PathOnHost, '/dev/kvm')
  assert.equal(given.Mounts!.slice(1), [{ Type: 'bind', Source: '/a', Target: '/a', ReadOnly: true }])
})

test.run()
