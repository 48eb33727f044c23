import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { boxCheck, libvirtCheck, machineChecks } from './checks.ts'

const told = (checks: ReturnType<typeof machineChecks>) => checks.map(({ what, ok }) => [ok, what])

test('machines and what runs them are told', () => {
  const said = [
    '1,k4-9,metadata,provider,libvirt',
    '1,k4-9,provider-name,libvirt',
    '1,k4-9,state,not_created',
    '1,k6-1,provider-name,libvirt',
    '1,k6-1,state,running',
  ].join('\n')
  assert.equal(told(machineChecks(said, '')), [
    [true, 'a provider, which runs the machines (libvirt)'],
    [true, 'machines in the Vagrantfile (k4-9 and k6-1)'],
  ])
})

test('without a provider Vagrant says why, in its first sentence', () => {
  const said =
    '1,,ui,error,No usable default provider could be found.\\n\\nVagrant relies on others%!(VAGRANT_COMMA) and so on.\n'
  const [check, ...others] = machineChecks(said, '')
  assert.equal(others, [])
  assert.not(check!.ok)
  assert.is(
    check!.what,
    'a provider, which runs the machines (Vagrant says: No usable default provider could be found.)',
  )
  assert.match(check!.mend!, /^sudo apt-get install vagrant vagrant-libvirt/)
})

test('a Vagrantfile without machines is told, with what Vagrant wrote', () => {
  const [, check] = machineChecks('1,default,provider-name,libvirt\n', 'no machine\n')
  assert.equal(
    [check!.ok, check!.what, check!.mend],
    [false, 'machines in the Vagrantfile (Vagrant says: no machine)', 'vagrant status'],
  )
})

for (const [said, mend] of [
  [
    "error: failed to connect to the hypervisor\nerror: Failed to connect socket to '/run/x': No such file or directory\n",
    'sudo systemctl start libvirtd',
  ],
  [
    "error: failed to connect to the hypervisor\nerror: Failed to connect socket to '/run/x': Permission denied\n",
    'sudo usermod -aG libvirt "$USER", and a new login',
  ],
  ['sh: 1: virsh: not found\n', 'sudo apt-get install'],
] as const)
  test(`libvirt that does not answer (${said.trim().split(': ').at(-1)}) has its own remedy`, () => {
    const check = libvirtCheck('qemu:///system', false, said)
    assert.not(check.ok)
    assert.match(
      check.what,
      `libvirt, which answers at qemu:///system (virsh says: ${said.trim().split('\n').at(-1)!.replace('error: ', '')})`,
    )
    assert.ok(check.mend!.startsWith(mend), check.mend)
  })

test('libvirt that answers', () => {
  assert.equal(libvirtCheck('qemu:///system', true, '').what, 'libvirt, which answers at qemu:///system')
})

test('boxes of providers that run machines here are told, and without any what fetches them', () => {
  const said =
    '1,,box-name,debian/bookworm64\n1,,box-provider,libvirt\n1,,box-version,12\n1,,box-name,other\n1,,box-provider,virtualbox\n'
  assert.equal(boxCheck(said, ['libvirt']).what, 'boxes that machines are made of (debian/bookworm64)')
  for (const none of [boxCheck(said, ['qemu']), boxCheck('1,,ui,warn,There are no installed boxes!\n', ['libvirt'])]) {
    assert.equal([none.ok, none.optional], [false, true])
    assert.match(none.mend!, 'vagrant up k6-1')
  }
})

test.run()
