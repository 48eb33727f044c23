import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { hostText } from './machines.ts'

const HOST = { kernel: '6.18', cpu: 'EPYC', cpus: 2, qemu: 'QEMU 10' }

test('a host is told with its QEMU, and the image of its containers with the beginning of its Id', () => {
  assert.is(hostText({ host: HOST }), 'Linux 6.18, 2 × EPYC, QEMU 10')
  const contained = { ...HOST, image: 'hitless:1', tools: { docker: '20.10' } }
  const words = 'Linux 6.18, 2 × EPYC, QEMU 10, in containers of Docker 20.10 (hitless:1'
  assert.is(hostText({ host: contained }), `${words})`)
  assert.is(hostText({ host: { ...contained, imageId: `sha256:${'a'.repeat(64)}` } }), `${words}, aaaaaaaaaaaa)`)
})

test("machines of Vagrant's are told with what runs them, and why their QEMU is not known", () => {
  const provider = 'libvirt, whose QEMU is not known: no virsh'
  assert.is(hostText({ host: { ...HOST, qemu: null, provider } }), `Linux 6.18, 2 × EPYC, machines of ${provider}`)
})

test.run()
