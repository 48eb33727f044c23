import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { testSupply } from '../../images/fixtures/supply.ts'
import { reachDaemon } from '../engine/docker/daemon.ts'
import { ensureImage } from '../engine/docker/image.ts'
import { Dockerd, ensureBase } from './dockerd.ts'

// The image of workers is built for good where the tests' daemon lacks it. It takes minutes, while other tests run.

const daemon = new Dockerd('daemon')

test.before(async () => {
  await daemon.start()
  await ensureBase(daemon)
})

test('the image of this version of the lab is built once', async () => {
  const reached = await reachDaemon(Object.assign(process.env, daemon.env))
  const built = await ensureImage(reached, testSupply())
  assert.match(built.name, /^hitless:[0-9a-f]{12}$/)
  assert.is((await daemon.docker.getImage(built.name).inspect()).Id, built.id)
  const said: string[] = []
  const again = await ensureImage(reached, testSupply({ offline: true, note: (line) => said.push(line) }))
  assert.equal([again, said], [built, []])
})

test.after(() => daemon.end())

test.run()
