import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { emulatorIn, hostWith, type Provider, providerIn, providerOf } from './provider.ts'

const SAID = `1796069026,k3-2,provider-name,libvirt
1796069026,k3-2,state,not_created
1796069026,k6-1,provider-name,virtualbox
1796069026,k6-12,provider-name,qemu
`

test('which provider runs a machine is what Vagrant says', () => {
  assert.is(providerIn(SAID, 'k3-2'), 'libvirt')
  assert.is(providerIn(SAID.replaceAll('\n', '\r\n'), 'k6-1'), 'virtualbox')
  assert.is(providerIn(SAID, 'k6'), undefined)
})

test('the program of a domain is what its description names', () => {
  const xml = "<domain type='kvm'><devices>\n  <emulator>/usr/libexec/qemu-kvm</emulator>\n</devices></domain>"
  assert.is(emulatorIn(xml), '/usr/libexec/qemu-kvm')
  assert.is(emulatorIn("error: failed to get domain 'x'"), undefined)
})

test('a provider without a QEMU has none, and one that does not tell says why', async () => {
  assert.equal(await providerOf('k6-1', SAID, '/nowhere'), { name: 'virtualbox' })
  assert.equal(await providerOf('k6-12', SAID, '/nowhere'), {
    name: 'qemu',
    unknown: 'only libvirt says which it runs',
  })
  const { name, qemu, unknown } = await providerOf('k3-2', SAID, '/nowhere')
  assert.equal([name, qemu], ['libvirt', undefined])
  assert.match(unknown!, '/nowhere/machines/k3-2/libvirt/id')
})

const host = { kernel: '6.18', cpu: 'EPYC', cpus: 2, qemu: 'QEMU 7.2 of the lab' }
const one: Provider = { name: 'libvirt', qemu: 'QEMU 9' }

test("the QEMU of a run in machines is their provider's, and never the lab's", () => {
  const of = (providers: Provider[], others = false) => {
    const { qemu, provider } = hostWith(host, providers, others)
    return [qemu, provider]
  }
  assert.equal(of([one, one]), ['QEMU 9', 'libvirt'])
  assert.equal(of([{ name: 'libvirt', unknown: 'no virsh' }]), [null, 'libvirt, whose QEMU is not known: no virsh'])
  assert.equal(of([{ name: 'virtualbox' }]), [null, 'virtualbox'])
  assert.equal(
    of([one], true),
    ['QEMU 7.2 of the lab', 'libvirt with QEMU 9'],
    "guests of the lab's own are there, too",
  )
})

test.run()
