import { readFileSync } from 'node:fs'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { alone, factsIn, INSTALL, otherMachine } from './machines.ts'
import { endCommand, startCommand } from './vagrant.ts'

test('what executes a machine is what it says, and nothing where it does not', () => {
  const said = (vendor: string, product: string, clocks: string) =>
    factsIn(`6.1.0\r\n${vendor}\r\n${product}\r\n${clocks} \r\n`)
  assert.equal(said('QEMU', 'Standard PC (i440FX + PIIX, 1996)', 'tsc hpet acpi_pm'), {
    release: '6.1.0',
    accel: 'tcg',
  })
  assert.equal(said('QEMU', 'Standard PC (Q35 + ICH9, 2009)', 'kvm-clock tsc'), { release: '6.1.0', accel: 'kvm' })
  assert.equal(said('innotek GmbH', 'VirtualBox', 'kvm-clock tsc'), { release: '6.1.0', accel: 'virtualbox' })
  assert.is(said('Somebody', 'Something', 'tsc'), null)
  assert.is(factsIn(''), null)
  assert.is(factsIn('6.1.0\n'), null)
})

test('a guest there has its modules, its events on stdout, and no name that a shell would read', () => {
  const start = startCommand('/var/tmp/hitless-1', ['sch_plug'])
  assert.match(start, 'modprobe sch_plug 2>/dev/null;')
  assert.match(start, /unshare -n -m -p -i -u -f \S+\/init --host \S+ 3 3>&1 >&2$/)
  assert.not.match(start + endCommand('/var/tmp/hitless-1'), "'", 'it stands between quotes')
})

test('guests have a machine one after the other, also behind one that failed, and not another machine', async () => {
  const order: string[] = []
  let end = () => {}
  const first = alone(
    'a',
    () =>
      new Promise<void>((_, reject) => {
        order.push('first')
        end = () => reject(new Error('died'))
      }),
  )
  const second = alone('a', async () => void order.push('second'))
  await alone('b', async () => void order.push('elsewhere'))
  assert.equal(order, ['first', 'elsewhere'])
  end()
  await first.catch(() => {})
  await second
  assert.equal(order, ['first', 'elsewhere', 'second'])
})

test('a run goes on only on a machine that has the kernel and the accelerator of before', () => {
  const kernel = {
    machine: 'k6-1',
    name: '6.1.0-56',
    series: '6.1',
    sha256: null,
    image: null,
    modules: null,
    features: null,
  }
  const cell = { kernel, accel: 'kvm' as const }
  assert.is(otherMachine(cell, { release: '6.1.0-56', accel: 'kvm' }), null)
  assert.is(
    otherMachine(cell, { release: '6.1.0-56', accel: 'tcg' }),
    'k6-1 ran its cells with kvm and came up with tcg',
  )
  assert.is(otherMachine(cell, { release: '6.1.0-57', accel: 'kvm' }), 'k6-1 ran Linux 6.1.0-56 and now runs 6.1.0-57')
})

test('what to install is what the README says', () => {
  assert.ok(readFileSync(new URL('../../README.md', import.meta.url), 'utf8').includes(INSTALL))
})

test.run()
