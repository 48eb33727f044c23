import type { ChildProcess } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { testSupply } from '../../images/fixtures/supply.ts'
import { Patience } from '../engine/docker/away.ts'
import { reachDaemon } from '../engine/docker/daemon.ts'
import { ensureImage } from '../engine/docker/image.ts'
import { LABEL, labelsOf, thisLab } from '../engine/docker/owner.ts'
import { work } from '../engine/docker/work.ts'
import { type Lock, lockFolder, tryLock } from '../guest/cpus/lock.ts'
import { cpuPairs } from '../guest/cpus/topology.ts'
import { readEvents } from '../model/events.ts'
import type { Result } from '../model/result.ts'
import { resultIn } from '../saved/reference.ts'
import { readRun } from '../saved/run.ts'
import { Dockerd, ensureBase, SEED } from './dockerd.ts'
import { accountHolds, doctor, fixture, lab, measured, newRun, start, told, until } from './harness.ts'

// The lab with a Docker daemon of its own: the same results as without, and nothing left in it, whatever happens.

const QUICK = ['--kernel', '6.1', '--accel', 'tcg', '--duration', '1']
const IN_DOCKER = [...QUICK, '--engine', 'docker']

const wrapped = ({ env }: Dockerd) => ['env', ...Object.entries(env).map(([name, value]) => `${name}=${value}`)]

/** All containers that labs have made and not removed, whatever their state. */
const containers = ({ docker }: Dockerd) => docker.listContainers({ all: true, filters: { label: [LABEL] } })

/** That nothing failed. A busy machine may make cells inconclusive, which is no concern of an engine. */
const wentWell = ({ status, stderr, stdout }: { status: number | null; stderr: string; stdout: string }) =>
  assert.ok(status === 0 || status === 1, `${status}: ${stderr}${stdout}`)

/** Where values are in a result, whatever they are. Lists are alike where their first items are. */
function shapeOf(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) return value.length ? shapeOf(value[0], `${path}[]`) : []
  if (typeof value !== 'object' || value === null) return [path]
  return Object.entries(value).flatMap(([key, inner]) => shapeOf(inner, `${path}.${key}`))
}

const daemon = new Dockerd('daemon', { live: true })

const runs = suite('in containers')
/** The same run without containers, after which this host has what guests are made of. */
let local: Result
runs.before(async () => {
  local = (await lab([...QUICK, '--case', 'none,fd-passing'])).result()
  await daemon.start()
  await ensureBase(daemon)
  await daemon.seed(SEED)
})

runs('a run gives what a local one gives, and leaves nothing', async () => {
  const ran = await lab([...IN_DOCKER, '--case', 'none,fd-passing'], { wrap: wrapped(daemon) })
  wentWell(ran)
  const result = ran.result()
  accountHolds(measured(result, 'none'))
  accountHolds(measured(result, 'fd-passing'))
  assert.ok(measured(result, 'none').resets > 0)
  assert.is(measured(result, 'fd-passing').resets, 0)
  const only = ['.host.image', '.host.imageId', '.host.tools.docker']
  // What disturbed a cell is of the moment, and not of the engine.
  const shape = (of: Result) => shapeOf(of).filter((path) => !path.includes('.noise'))
  assert.equal(
    shape(result).filter((path) => !only.includes(path)),
    shape(local),
  )
  const { engine, image, imageId, tools, qemu } = result.host
  assert.equal([engine, tools!.docker], ['docker', (await daemon.docker.version()).Version])
  assert.match(image!, /^hitless:[0-9a-f]{12}$/)
  const { Id, Size } = await daemon.docker.getImage(image!).inspect()
  assert.is(imageId, Id)
  // What Debian has changes from day to day, and the base of the tests is not quite that of users.
  const [, gigabytes] = /shows ([\d.]+) GB/.exec(readFileSync('lab/engine/README.md', 'utf8'))!
  assert.ok(Math.abs(Size / 1e9 / Number(gigabytes) - 1) < 0.15, `the image has ${Size} bytes, README: ${gigabytes} GB`)
  assert.match(readFileSync(join(ran.out, 'report.md'), 'utf8'), `(${image}, ${imageId!.slice('sha256:'.length, 19)})`)
  assert.match(qemu!, 'QEMU emulator version 10.')
  const parts = ({ image, modules, proxy }: NonNullable<ReturnType<typeof measured>['parts']>) => [
    image,
    modules,
    proxy,
  ]
  assert.equal(parts(measured(result, 'none').parts!), parts(measured(local, 'none').parts!))
  assert.equal(await containers(daemon), [])
})

runs('a boot waits for CPUs that another lab of this machine has', async () => {
  const cpus = [...new Set(cpuPairs().flatMap(({ cores }) => cores))]
  const locks = (await Promise.all(cpus.map((cpu) => tryLock(lockFolder(), cpu)))) as Lock[]
  const { child, ended } = start([...IN_DOCKER, '--case', 'no-reload', '--out', newRun()], wrapped(daemon))
  let said = ''
  child.stderr.on('data', (text) => (said += text))
  await until('it waits', () => said.includes(`waiting for CPUs: process ${process.pid} on `))
  assert.equal(await containers(daemon), [], 'none is made before')
  for (const lock of locks) lock.release()
  wentWell(await ended)
})

runs('SIGTERM ends its containers; the rest is run in containers, too, a case of the user among it', async () => {
  const out = newRun()
  const stop = async (child: ChildProcess) => {
    await told('tick', out)
    assert.is((await containers(daemon)).length, 1)
    child.kill('SIGTERM')
  }
  const args = [...fixture('in-two'), '--rate', '300', '--out', out]
  const stopped = await lab([...IN_DOCKER, ...args], { wrap: wrapped(daemon), meddle: stop })
  assert.is(stopped.status, 130, stopped.stderr)
  assert.equal(await containers(daemon), [])
  assert.is(readRun(out).ownFiles?.length, 2, 'a case and what it imports')
  wentWell(await start(['--resume', out], wrapped(daemon)).ended)
  assert.equal(await containers(daemon), [])
})

runs('doctor --clean removes what a killed lab left, and spares what a living one works with', async () => {
  const out = newRun()
  const { child, ended } = start([...IN_DOCKER, '--case', 'no-reload', '--out', out], wrapped(daemon))
  await told('tick', out)
  child.kill('SIGKILL')
  await ended
  const [left] = await containers(daemon)
  const living = await daemon.docker.createContainer({
    Image: (await daemon.docker.getContainer(left!.Id).inspect()).Config.Image,
    Labels: labelsOf('run', thisLab()),
  })
  const { stdout } = await doctor(daemon.env, '--clean')
  assert.match(stdout, `removed 1 container at unix://${daemon.socket}`)
  assert.match(
    stdout,
    `kept the container ${living.id.slice(0, 12)}: the lab with process id ${process.pid} works with it`,
  )
  assert.equal(
    (await containers(daemon)).map(({ Id }) => Id),
    [living.id],
  )
  await living.remove()
})

runs('a daemon that is replaced meanwhile, and lets containers live on, costs no event', async () => {
  const out = newRun()
  const replace = async () => {
    // Before the load, as a daemon that starts would disturb it.
    await told('boot', out)
    await daemon.stop()
    await daemon.start()
  }
  const args = [...IN_DOCKER, '--case', 'none', '--out', out]
  const ran = await lab(args, { wrap: wrapped(daemon), meddle: replace })
  assert.match(ran.stderr, 'went away; waiting up to 120 s for it')
  const [cell] = resultIn(out).cells
  const { events, broken } = readEvents(readFileSync(join(out, cell!.folder, 'boot-1/events.jsonl'), 'utf8'))
  assert.is(broken, null, ran.stderr + ran.stdout)
  assert.ok(events.some(({ e }) => e === 'reload'))
  assert.equal(await containers(daemon), [])
})

runs('a worker that needs more memory than its container has is no answer', async () => {
  Object.assign(process.env, daemon.env)
  const reached = await reachDaemon()
  const supply = testSupply()
  const shop = {
    daemon: reached,
    image: (await ensureImage(reached, supply)).id,
    note: supply.note,
    patience: new Patience(reached, supply.note),
  }
  const little = { network: 'none' as const, cpus: null, memory: 24 * 2 ** 20, kvm: false, files: [] }
  try {
    await work(shop, { do: 'describe' }, little, {}, supply.signal)
    assert.unreachable()
  } catch (error) {
    assert.match((error as Error).message, 'its container ran out of memory')
  }
  assert.equal(await containers(daemon), [])
})

runs('a base that is not there makes no image', async () => {
  const ran = await lab(IN_DOCKER, { wrap: [...wrapped(daemon), 'HITLESS_DOCKER_BASE=localhost:9/no:such'] })
  assert.is(ran.status, 3)
  assert.match(ran.stderr, 'the image from localhost:9/no:such cannot be built')
  assert.match(ran.stderr, /try: the whole output: .*build\.log/)
})

runs('no daemon, and one that this user may not use', async () => {
  const none = await doctor({ DOCKER_HOST: 'unix:///no/such.sock' }, '--engine', 'docker')
  assert.is(none.status, 3)
  assert.match(
    none.stdout,
    /MISSING no Docker daemon answers at unix:\/\/\/no\/such\.sock: .*: sudo systemctl start docker/,
  )
  const ready = await doctor(daemon.env, '--engine', 'docker')
  assert.match(ready.stdout, `at unix://${daemon.socket})`)
  assert.is(ready.status, 0, ready.stdout)
})

runs.after(() => daemon.end())
runs.run()

const broken = suite('without containers')

broken(
  'a daemon that ends with its containers fails the boot under way, and the run ends with what it has',
  async () => {
    const mortal = new Dockerd('daemon')
    await mortal.start()
    try {
      const out = newRun()
      const replace = async () => {
        await told('tick', out)
        await mortal.stop()
        await mortal.start()
      }
      const args = [...IN_DOCKER, '--case', 'no-reload,none', '--out', out]
      const { status, stderr, stdout } = await lab(args, { wrap: wrapped(mortal), meddle: replace })
      assert.is(status, 4, stderr + stdout)
      assert.match(stdout, 'its container was stopped from outside')
      assert.equal(await containers(mortal), [])
    } finally {
      await mortal.end()
    }
  },
)

broken('a disk that fills up while a boot runs is named, and nothing waits for it', async () => {
  const filling = new Dockerd('daemon', { small: { 'data/containers': 8 } })
  await filling.start()
  try {
    const out = newRun()
    const fill = async () => {
      await told('tick', out)
      const containers = `/proc/${filling.inside}/root${filling.folder}/data/containers`
      assert.throws(() => writeFileSync(join(containers, 'fill'), Buffer.alloc(2 ** 24)), /ENOSPC/)
    }
    const args = [...IN_DOCKER, '--case', 'no-reload', '--out', out]
    const { status, stderr, stdout } = await lab(args, { wrap: wrapped(filling), meddle: fill })
    assert.is(status, 4, stderr + stdout)
    assert.match(stderr, `failed: the disk of the Docker daemon at unix://${filling.socket} is full`, stderr)
    assert.equal(await containers(filling), [])
  } finally {
    await filling.end()
  }
})

broken('a daemon whose disk is full says so', async () => {
  const full = new Dockerd('full', { small: { data: 300 } })
  await full.start()
  try {
    await ensureBase(full)
    const ran = await lab(IN_DOCKER, { wrap: wrapped(full) })
    assert.is(ran.status, 3, ran.stderr)
    assert.match(ran.stderr, `the disk of the Docker daemon at unix://${full.socket} is full`)
    assert.match(ran.stderr, 'try: docker system df')
  } finally {
    await full.end()
  }
})

broken.run()
