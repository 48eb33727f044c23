import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { noiseOf, type Pace } from './noise.ts'

const quiet: Pace = {
  cell: 'none-saturated',
  guest: 'qemu',
  accel: 'tcg',
  kernel: '6.1',
  proxy: { version: '2.6.12', maxaccept: 4 },
  load: { name: 'saturated', rate: null, capacity: null },
  boot: null,
  pins: { proxy: '0', generator: '1', vcpus: ['0', '1'], vcpusAtEnd: ['0', '1'] },
  waited: 0.02,
  stolen: 0,
  lateUs: 20_000,
  spinUs: 100,
  quietThroughput: 1000,
  throughput: 900,
  limitedBy: 'proxy',
}

test('a quiet cell has no noise', () => {
  assert.equal(noiseOf(quiet, [quiet]), [])
  assert.equal(noiseOf({ ...quiet, waited: null, stolen: null, spinUs: null }, [quiet]), [])
})

test('waits for a CPU, and CPU time that a hypervisor took', () => {
  assert.match(noiseOf({ ...quiet, waited: 0.17 }, [quiet]).join(), 'its vCPUs waited for a CPU 17 % of the time')
  assert.match(noiseOf({ ...quiet, stolen: 0.2 }, [quiet]).join(), 'hypervisor took 20 % of its CPU time')
})

test('a machine that stood still', () => {
  assert.match(noiseOf({ ...quiet, lateUs: 3_010_000 }, [quiet]).join(), 'its generator stood still for 3.0 s')
})

test('a CPU that is slower than in another cell of the run', () => {
  const slow = { ...quiet, spinUs: 190 }
  assert.match(noiseOf(slow, [quiet, slow]).join(), '90 % slower')
  assert.equal(noiseOf(slow, [{ ...quiet, kernel: '4.9' }, slow]), [], 'another kernel says nothing')
  const onX = { ...quiet, cpu: 'X' }
  assert.equal(noiseOf({ ...slow, cpu: 'Y' }, [onX, slow]), [], 'nor does another kind of CPU')
  assert.match(noiseOf({ ...slow, cpu: 'X' }, [onX, slow]).join(), '90 % slower')
})

test('a cell that carried far fewer connections than others before any reload', () => {
  const starved = { ...quiet, quietThroughput: 480 }
  assert.match(
    noiseOf(starved, [quiet, starved, quiet]).join(),
    'carried 480 connections a second before its first reload, others 1000',
  )
  assert.equal(noiseOf(starved, [quiet, starved]), [], 'two cells do not tell which is usual')
  assert.equal(noiseOf({ ...quiet, quietThroughput: 690 }, [quiet, quiet, quiet]), [])
  assert.equal(noiseOf({ ...quiet, quietThroughput: 0 }, [quiet, quiet, quiet]), [], 'its case lets nothing through')
  const half = { ...starved, load: { ...quiet.load, name: 'half' } }
  assert.equal(noiseOf(half, [quiet, quiet, quiet, half]), [], 'under another load')
})

test('a boot that is behind half of the capacity before any reload', () => {
  const load = { name: 'half', rate: 1000, capacity: 2000 }
  assert.equal(noiseOf({ ...quiet, load, quietThroughput: 951 }, [quiet]), [])
  const behind = { ...quiet, load, quietThroughput: 949 }
  assert.match(noiseOf(behind, [quiet]).join(), 'before its first reload it answered 949 of 1000 arrivals a second')
  assert.equal(noiseOf({ ...behind, load: { ...load, capacity: null } }, [quiet]), [], 'a rate that was asked for')
})

test('a boot that carried half of what the others of its cell did while reloads were made', () => {
  const boots = (...carried: number[]) => carried.map((throughput, i): Pace => ({ ...quiet, boot: i + 1, throughput }))
  const noise = (all: Pace[]) => all.map((one) => noiseOf(one, all).join())
  assert.equal(noise(boots(5011, 2217)), [
    '',
    'boot 2: it carried 2217 connections a second while reloads were made, others of its cell 5011',
  ])
  assert.match(noise(boots(1275, 2445, 2770))[0]!, /^boot 1: it carried 1275 .*, others of its cell 2445$/)
  assert.equal(noise(boots(601, 1000)), ['', ''], 'as in quiet runs')
  assert.equal(noise(boots(900, 9000, 1000)), ['', '', ''], 'one that was lucky makes no other slow')

  const [fast, slow] = boots(900, 300) as [Pace, Pace]
  assert.equal(noise([fast, { ...slow, cell: 'fd-passing-saturated' }]), ['', ''], 'another cell loses other time')
  assert.equal(noise([fast, { ...slow, cpu: 'Y' }]), ['', ''], 'nor another kind of CPU')
  const waiting = boots(900, 300).map((one): Pace => ({ ...one, limitedBy: 'users' }))
  assert.equal(noise(waiting), ['', ''], 'clients that wait, as under SYN block')
  const open = boots(900, 300).map((one): Pace => ({ ...one, load: { name: 'rate-900', rate: 900, capacity: null } }))
  assert.equal(noise(open), ['', ''], 'an open loop has rules of its own')
})

test('a case on one CPU is compared only with its like', () => {
  const one = { ...quiet, quietThroughput: 500, pins: { ...quiet.pins, generator: '0' } }
  assert.equal(noiseOf(one, [quiet, quiet, quiet, one]), [])
})

test('one of several boots is named', () => {
  assert.equal(noiseOf({ ...quiet, waited: 0.17, boot: 2 }, [quiet]), [
    'boot 2: its vCPUs waited for a CPU 17 % of the time',
  ])
})

test.run()
