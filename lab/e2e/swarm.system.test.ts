import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { LABEL, labelsOf, thisLab } from '../engine/docker/owner.ts'
import type { Order } from '../engine/remote/protocol.ts'
import { cleanSwarm } from '../engine/swarm/clean.ts'
import { cpuPairs, firstPair } from '../guest/cpus/topology.ts'
import { thisMachine } from '../guest/machine.ts'
import { cpuKinds, kindOf } from '../model/result/machine.ts'
import { type Boot, isMeasured, type ResultCell } from '../model/result.ts'
import { resultIn } from '../saved/reference.ts'
import { readRun } from '../saved/run.ts'
import { oneCore } from './disguise.ts'
import type { Dockerd } from './dockerd.ts'
import { accountHolds, bootsWith, lab, measured, newRun, pinnedCpus, type Ran, start, told, until } from './harness.ts'
import { stocked } from './stocked.ts'
import { TestSwarm } from './swarm.ts'

// The lab on a Swarm of two nodes: results like those of one machine, and nothing lost with a node.

const QUICK = ['--kernel', '6.1', '--duration', '1', '--offline']

const swarm = new TestSwarm()
const { manager, worker, registry } = swarm
const IN_SWARM = [...QUICK, '--engine', 'swarm', '--registry', registry]
const wrapped = ({ env }: Dockerd) => ['env', ...Object.entries(env).map(([name, value]) => `${name}=${value}`)]

/** What labs have made in the Swarm and not removed. */
async function left(): Promise<string[]> {
  const filters = { label: [LABEL] }
  const [services, configs] = await Promise.all([
    manager.docker.listServices({ filters }),
    manager.docker.listConfigs({ filters }),
  ])
  return [...services, ...configs].map(({ Spec }) => Spec!.Name!)
}

/** Swarm removes containers a little after their service. */
async function nothingIsLeft() {
  assert.equal(await left(), [])
  for (let tries = 0; ; tries++) {
    const all = await manager.docker.listContainers({ all: true, filters: { label: [LABEL] } })
    if (!all.length) return
    if (tries > 200) assert.unreachable(`${all.map(({ Names, State }) => `${Names} ${State}`)}`)
    await pause(100)
  }
}

/** That nothing failed. A busy machine may make cells inconclusive, which is no concern of an engine. */
const wentWell = ({ status, stderr, stdout }: Ran) =>
  assert.ok(status === 0 || status === 1, `${status}: ${stderr}${stdout}`)

/** The nodes that cells ran on. */
const namesOf = (cells: ResultCell[]) => cells.flatMap(({ eachBoot }) => eachBoot.map(({ machine }) => machine!.name!))

/** What a boot says that must wait for a worker; its host is a container, whose name no machine has. */
const WAITS = /: waiting for CPUs: process \d+ on [0-9a-f]{12} \(lab\/worker\.ts \/order\) /

/** Looks which CPUs guests of each node are pinned to, and which both had at the same time, until it is told to end. */
function watchCpus() {
  const had = { each: [new Set<string>(), new Set<string>()], shared: new Set<string>() }
  const watch = setInterval(() => {
    const [one, other] = [manager, worker].map(({ processes }) => pinnedCpus(processes)) as [string[], string[]]
    for (const cpu of one) had.each[0]!.add(cpu)
    for (const cpu of other) had.each[1]!.add(cpu)
    for (const cpu of one) if (other.includes(cpu)) had.shared.add(cpu)
  }, 100)
  return [had, () => clearInterval(watch)] as const
}

/** Waits for a boot on a node that is wanted. @returns the node's id, and the name of the cell */
async function bootOn(wanted: (node: string) => boolean): Promise<{ node: string; cell: string }> {
  for (let tries = 0; tries < 600; tries++) {
    const tasks = await manager.docker.listTasks({ filters: { label: [LABEL], 'desired-state': ['running'] } })
    for (const { NodeID, Status, Spec } of tasks) {
      if (Status.State !== 'running' || !wanted(NodeID)) continue
      const order = await orderOf(Spec.ContainerSpec.Configs[0].ConfigID)
      if (order?.do === 'run') return { node: NodeID, cell: order.cell.name }
    }
    await pause(100)
  }
  throw new Error('no boot within a minute')
}

/** What a worker is to do; null where its service is gone by now. */
async function orderOf(config: string): Promise<Order | null> {
  try {
    const { Spec } = await manager.docker.getConfig(config).inspect()
    return JSON.parse(Buffer.from(Spec!.Data!, 'base64').toString())
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === 404) return null
    throw error
  }
}

/** Waits until the reloads of a cell's boot have begun. */
const reloads = (cell: string, out: string) =>
  until(`${cell} reloads`, () =>
    bootsWith(out, 'events.jsonl', '"e":"reloading"').some((boot) => boot.startsWith(`${cell}/`)),
  )

const runs = suite('in a Swarm')
runs.before(async () => {
  // With a network, for a cache that has nothing yet.
  const wanted = ['--kernel', '6.1,6.12', '--duration', '1', '--case', 'none,fd-passing', '--users', '20']
  await stocked('daemon', [...wanted, '--accel', 'tcg'])
  await swarm.start()
})
runs.after(() => swarm.end())

runs('what is no manager, and nodes that cannot get the image', async () => {
  const asked = await lab([...IN_SWARM], { wrap: wrapped(worker) })
  assert.is(asked.status, 3, asked.stderr)
  assert.match(
    asked.stderr,
    `the Docker daemon at unix://${worker.socket} is a worker, and only managers take services`,
  )
  const alone = await lab([...QUICK, '--engine', 'swarm'], { wrap: wrapped(manager) })
  assert.is(alone.status, 2, alone.stderr)
  assert.match(alone.stderr, /--registry is missing: .* must fetch the lab's image/)
})

runs('a run gives what one machine gives, and boots of nodes that share their CPUs take turns', async () => {
  const [had, ended] = watchCpus()
  const ran = await lab([...IN_SWARM, '--case', 'none,fd-passing', '--duration', '3'], { wrap: wrapped(manager) })
  ended()
  wentWell(ran)
  const result = ran.result()
  const cells = ['none', 'fd-passing'].map((name) => measured(result, name))
  for (const cell of cells) accountHolds(cell)
  assert.ok(cells[0]!.resets > 0)
  assert.is(cells[1]!.resets, 0)
  const { engine, image, imageId, cpus } = result.host
  assert.is(engine, 'swarm')
  assert.match(image!, /^hitless:[0-9a-f]{12}$/)
  assert.is(imageId, (await manager.docker.getImage(image!).inspect()).Id)
  assert.is(cpus, 2 * cells[0]!.eachBoot[0]!.machine!.cpus)
  assert.is(new Set(namesOf(cells)).size, 2, namesOf(cells).join())
  for (const cpus of had.each) assert.ok(cpus.size > 0, 'the pins of both were seen')
  assert.equal([...had.shared], [])
  // The one that waits names a worker: in whichever container, that is the other node's.
  if (cpuPairs().length === 1) assert.match(ran.stderr, WAITS)
  await nothingIsLeft()
})

runs('a kernel stays on one kind of machine, with what it carries; what is of two kinds is told', async () => {
  const cpu = 'CPU of another kind'
  const cpuinfo = readFileSync('/proc/cpuinfo', 'utf8').replaceAll(/^(model name\s*: ).*/gm, `$1${cpu}`)
  swarm.disguise.wear({ '/proc/cpuinfo': cpuinfo, ...oneCore() })
  // In this form the harness reduces no loads.
  const args = ['--kernel=6.1,6.12', ...IN_SWARM.slice(2), '--case', 'none', '--boots', '1']
  const ran = await lab(args, { wrap: wrapped(manager) })
  swarm.disguise.takeOff()
  wentWell(ran)
  const { cells, kernels } = ran.result()
  assert.equal(cells.map(({ series, load }) => `${series} ${load.name}`).sort(), [
    ...['6.1 half', '6.1 saturated', '6.12 half', '6.12 saturated'],
  ])
  const { capacities } = readRun(ran.out)
  const kinds = kernels.map(({ series }) => {
    const its = cells.filter((cell) => cell.series === series)
    assert.is(new Set(namesOf(its)).size, 1, ran.stderr)
    const [kind, ...others] = cpuKinds(its.flatMap(({ eachBoot }) => eachBoot))
    assert.equal(others, [])
    const found = capacities.filter(({ kernel }) => kernel === its[0]!.kernel)
    assert.equal(
      found.map(({ machine }) => kindOf(machine)),
      [kind],
    )
    assert.is(found[0]!.machine.name, namesOf(its)[0], 'a kind has one node here')
    return { series, kind: kind!, its }
  })
  const other = kinds.filter(({ kind }) => kind.startsWith(cpu))
  assert.is(other.length, 1, ran.stderr)
  const [here] = kinds.filter((one) => one !== other[0])
  assert.is(here!.kind, kindOf(thisMachine(false)))
  const said = /^the Swarm: (.*)$/m.exec(ran.stderr)![1]!.split('; ')
  for (const { kind, its } of kinds)
    assert.ok(
      said.some((one) => one.includes(`(${kind}) carries `) && one.endsWith(`: ${its[0]!.kernel}`)),
      ran.stderr,
    )
  const report = readFileSync(join(ran.out, 'report.md'), 'utf8')
  assert.match(report, 'measured on different kinds of CPU')
  for (const { series, kind } of kinds) assert.match(report, `${series} on ${kind}`)
  assert.equal(
    other[0]!.its.map(({ eachBoot }) => eachBoot.map(({ oneCore }) => oneCore)),
    [[true], [true]],
  )
  const isSo = firstPair().oneCore || undefined
  assert.equal(
    here!.its.map(({ eachBoot }) => eachBoot.map(({ oneCore }) => oneCore)),
    [[isSo], [isSo]],
  )
  assert.match(report, /one-core.*two threads of one physical core/)
  await nothingIsLeft()
})

runs('a boot whose node is drained is run again; one that is lost twice has failed, and the rest goes on', async () => {
  const out = newRun()
  const drained: { node: string; cell: string }[] = []
  const meddle = async () => {
    // The first cell on one node and on the other, the second cell on one.
    for (let before: string | undefined; drained.length < 3; before = drained.at(-1)!.node) {
      const boot = await bootOn((node) => node !== before)
      await reloads(boot.cell, out)
      if (before) await swarm.drain(before, 'active')
      await swarm.drain(boot.node)
      drained.push(boot)
    }
  }
  const args = [...IN_SWARM, '--case', 'none,fd-passing', '--jobs', '1', '--duration', '3', '--out', out]
  const ran = await lab(args, { wrap: wrapped(manager), meddle })
  await swarm.drain(drained.at(-1)!.node, 'active')
  assert.is(ran.status, 4, `${ran.stderr}${ran.stdout}`)
  const [twice, once] = resultIn(out).cells as [ResultCell, ResultCell]
  assert.equal([twice.case, once.case], ['none', 'fd-passing'])
  const all = drained.map(({ node }) => node)
  assert.is(new Set(all).size, 2)
  assert.ok(!isMeasured(twice))
  for (const word of ['it was lost twice: on ', ...all.map((id) => `(${id.slice(0, 8)}), `)])
    assert.match(twice.reason, word)
  assert.ok(isMeasured(once))
  accountHolds(once)
  const [{ lost = [], machine }] = once.eachBoot as [Boot]
  assert.is(lost.length, 1)
  assert.match(lost[0]!.node, all[2]!.slice(0, 8))
  assert.match(lost[0]!.reason, /^(Swarm took it away from its node|its worker was told to stop)/)
  assert.match(machine!.name!, all[1]!.slice(0, 8))
  assert.match(ran.stdout, /^moved: fd-passing: boot-1 was lost on .* and run again on /m)
  await nothingIsLeft()
})

runs('a node that dies loses no boot, and the report says where each ran', async () => {
  const out = newRun()
  let done = false
  const crash = async () => {
    const { cell } = await bootOn((node) => node === swarm.nodes.worker)
    await reloads(cell, out)
    await worker.crash()
    done = true
  }
  const args = [...IN_SWARM, '--case', 'none,fd-passing', '--duration', '3', '--out', out]
  const ran = await lab(args, { wrap: wrapped(manager), meddle: crash })
  assert.ok(done)
  wentWell(ran)
  const cells = ['none', 'fd-passing'].map((name) => measured(resultIn(out), name))
  for (const cell of cells) accountHolds(cell)
  const boots = cells.flatMap(({ eachBoot }) => eachBoot)
  for (const { machine } of boots) assert.match(machine!.name!, swarm.nodes.manager.slice(0, 8))
  const lost = boots.flatMap(({ lost = [] }) => lost)
  assert.is(lost.length, 1, ran.stderr)
  assert.match(lost[0]!.node, swarm.nodes.worker.slice(0, 8))
  assert.match(lost[0]!.reason, 'its node is down')
  assert.match(ran.stdout, /moved: .*boot-1 was lost on .* and run again on /)
  await nothingIsLeft()
})

runs('SIGTERM removes its services; the rest is run in the Swarm, too', async () => {
  const out = newRun()
  const stopped = await lab([...IN_SWARM, '--case', 'no-reload', '--duration', '5', '--out', out], {
    wrap: wrapped(manager),
    meddle: async (child) => {
      await told('tick', out)
      assert.ok((await left()).length > 0)
      child.kill('SIGTERM')
    },
  })
  assert.is(stopped.status, 130, stopped.stderr)
  await nothingIsLeft()
  const { status, stderr, stdout } = await start(['--resume', out], wrapped(manager)).ended
  assert.ok(status === 0 || status === 1, `${status}: ${stderr}${stdout}`)
  await nothingIsLeft()
})

runs('what a killed lab left is removed, and what a living one works with is not', async () => {
  const out = newRun()
  const { child, ended } = start(
    [...IN_SWARM, '--case', 'no-reload', '--duration', '60', '--out', out],
    wrapped(manager),
  )
  await told('tick', out)
  child.kill('SIGKILL')
  await ended
  assert.is((await left()).length, 2)
  const Name = 'of-a-living-lab'
  const living = await manager.docker.createConfig({ Name, Labels: labelsOf('run', thisLab()), Data: 'eA==' })
  const { services, configs, spared } = (await cleanSwarm({ docker: manager.docker }))!
  assert.equal([services, configs], [1, 1])
  assert.equal(spared, [{ what: `the config ${Name}`, why: `the lab with process id ${process.pid} works with it` }])
  assert.equal(await left(), [Name])
  await manager.docker.getConfig(living.id).remove()
  await nothingIsLeft()
})

runs.run()
