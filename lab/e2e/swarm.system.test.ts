import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { LABEL, labelsOf, thisLab } from '../engine/docker/owner.ts'
import { cleanSwarm } from '../engine/swarm/clean.ts'
import { isMeasured } from '../model/result.ts'
import { resultIn } from '../saved/reference.ts'
import type { Dockerd } from './dockerd.ts'
import { accountHolds, lab, measured, newRun, start, told } from './harness.ts'
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
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

const runs = suite('in a Swarm')
runs.before(async () => {
  await stocked('daemon', [...QUICK, '--case', 'none,fd-passing', '--users', '20', '--accel', 'tcg'])
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

runs('a run gives what one machine gives, whichever node a boot is on', async () => {
  const ran = await lab([...IN_SWARM, '--case', 'none,fd-passing', '--duration', '3'], { wrap: wrapped(manager) })
  assert.ok(ran.status === 0 || ran.status === 1, `${ran.status}: ${ran.stderr}${ran.stdout}`)
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
  const names = cells.flatMap(({ eachBoot }) => eachBoot.map(({ machine }) => machine!.name!))
  assert.is(new Set(names).size, 2, names.join())
  await nothingIsLeft()
})

runs('a node that dies loses no boot, and the report says where each ran', async () => {
  const out = newRun()
  let done = false
  const crash = async () => {
    // Both nodes have a boot by then.
    await told('reloading', out)
    const tasks = await manager.docker.listTasks({ filters: { label: [LABEL], node: [swarm.nodes.worker] } })
    assert.ok(
      tasks.some(({ Status }) => Status.State === 'running'),
      'the worker has a boot',
    )
    await worker.crash()
    done = true
  }
  const args = [...IN_SWARM, '--case', 'none,fd-passing', '--duration', '6', '--out', out]
  const ran = await lab(args, { wrap: wrapped(manager), meddle: crash })
  assert.ok(done)
  const { cells } = resultIn(out)
  assert.is(cells.length, 2, `${ran.status}: ${ran.stderr}${ran.stdout}`)
  // The two nodes have one pair of CPUs here, so that a generator may get none for a second. Its cell fails, as it
  // should; where its boots were carried out is told all the same.
  for (const cell of cells)
    if (isMeasured(cell)) accountHolds(cell)
    else assert.match(cell.reason, /^the generator began no connection for \S+ s while most of its 20 users had none$/)
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
  const stopped = await lab([...IN_SWARM, '--case', 'no-reload', '--duration', '9', '--out', out], {
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
