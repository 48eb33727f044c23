import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { checkLibvirt } from './checks.ts'

// Vagrant and libvirt as they are here, but for the hypervisor: libvirt's test driver, which runs nothing, or none at all.

const folder = mkdtempSync(join(tmpdir(), 'checks-'))
const checks = suite('doctor --guest vagrant')
checks.after(() => rmSync(folder, { recursive: true }))

/** What doctor says, where libvirt is found at such an address. */
function doctor(uri: string, more: NodeJS.ProcessEnv = {}) {
  const places = {
    VAGRANT_HOME: join(folder, 'home'),
    VAGRANT_DOTFILE_PATH: join(folder, 'dot'),
    LIBVIRT_DEFAULT_URI: uri,
  }
  const argv = ['--import', 'tsx', 'lab/doctor.ts', '--guest', 'vagrant']
  return spawnSync(process.execPath, argv, { encoding: 'utf8', env: { ...process.env, ...places, ...more } })
}

const missing = ['vagrant', 'virsh'].filter((program) => spawnSync(program, ['--version']).error)
const withBoth = missing.length
  ? (name: string, body: () => void | Promise<void>) =>
      checks.skip(`${name} (there is no ${missing.join(', no ')} here)`, body)
  : checks

withBoth('the machines, their provider and libvirt are looked at, and what lacks is said with its remedy', () => {
  const { status, stdout } = doctor('test:///no/such/file')
  assert.is(status, 3)
  assert.match(stdout, /^ok {6}a provider, which runs the machines \(libvirt\)$/m)
  assert.match(stdout, /^ok {6}machines in the Vagrantfile \(.*k6-1.*\)$/m)
  assert.match(
    stdout,
    /^MISSING libvirt, which answers at test:\/\/\/no\/such\/file \(virsh says: .*\): sudo systemctl start libvirtd$/m,
  )
  assert.match(stdout, /^without boxes that machines are made of: vagrant up k6-1/m)
})

withBoth('libvirt that answers is found', async () => {
  process.env.LIBVIRT_DEFAULT_URI = 'test:///default'
  try {
    assert.ok((await checkLibvirt()).ok)
  } finally {
    delete process.env.LIBVIRT_DEFAULT_URI
  }
})

checks('without Vagrant, the command that installs it', () => {
  const { status, stdout } = doctor('test:///default', { PATH: folder })
  assert.is(status, 3)
  assert.match(stdout, /^MISSING vagrant on the PATH: sudo apt-get install vagrant /m)
})

checks.run()
