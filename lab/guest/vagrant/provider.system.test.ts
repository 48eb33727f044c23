import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { providerOf } from './provider.ts'

// The QEMU of a domain, asked of a real libvirt: its test driver, whose domains are in a file and run nothing.

const folder = mkdtempSync(join(tmpdir(), 'provider-'))
const UUID = '6695eb01-f6a4-8304-79aa-97f2502e1931'
const emulator = join(folder, 'qemu')

const provider = suite('providers')
provider.before(() => {
  const domain = `<domain type='test'><name>lab_k6-1</name><uuid>${UUID}</uuid><memory>1024</memory><os><type>hvm</type></os>
    <devices><emulator>${emulator}</emulator></devices></domain>`
  writeFileSync(join(folder, 'node.xml'), `<node>${domain}</node>`)
  writeFileSync(emulator, '#!/bin/sh\necho "QEMU emulator version 99.0 ($1)"\necho Copyright\n')
  chmodSync(emulator, 0o755)
  process.env.LIBVIRT_DEFAULT_URI = `test://${folder}/node.xml`
})
provider.after(() => {
  delete process.env.LIBVIRT_DEFAULT_URI
  rmSync(folder, { recursive: true })
})

/** A machine whose domain has such an id. */
function machine(name: string, id: string) {
  const its = join(folder, 'machines', name, 'libvirt')
  mkdirSync(its, { recursive: true })
  writeFileSync(join(its, 'id'), id)
  return providerOf(name, `1796069026,${name},provider-name,libvirt\n`, folder)
}

const check = spawnSync('virsh', ['--version']).error
  ? (name: string, body: () => Promise<void>) => provider.skip(`${name} (there is no virsh here)`, body)
  : provider

check("a machine's QEMU is the program of its domain", async () => {
  assert.equal(await machine('k6-1', UUID), { name: 'libvirt', qemu: 'QEMU emulator version 99.0 (--version)' })
})

check('a domain that is not there, and a program that cannot be run, are no version', async () => {
  const { qemu, unknown } = await machine('k4-9', 'no-such')
  assert.is(qemu, undefined)
  assert.match(unknown!, "failed to get domain 'no-such'")
  chmodSync(emulator, 0o644)
  assert.match((await machine('k6-1', UUID)).unknown!, `${emulator} --version: `)
})

provider.run()
