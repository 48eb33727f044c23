import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { layOutRoot } from './layout.ts'

let dir: string
test.before(() => {
  dir = mkdtempSync(join(tmpdir(), 'layout-'))
})
test.after(() => rmSync(dir, { recursive: true }))

function make(path: string, content = path) {
  mkdirSync(dirname(join(dir, path)), { recursive: true })
  writeFileSync(join(dir, path), content, { mode: 0o755 })
}

async function laidOut(name: string, proxy: string) {
  make('userland/sbin/nft')
  make('programs/load')
  make(proxy)
  const root = join(dir, name)
  const [first] = proxy.split('/')
  const parts = { userland: join(dir, 'userland'), programs: join(dir, 'programs') }
  await layOutRoot(root, parts, { name: 'haproxy', path: join(dir, first!) })
  return (path: string) => (existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : null)
}

test('a proxy of one file is a program of the root', async () => {
  const read = await laidOut('one', 'own')
  assert.equal(
    [read('sbin/haproxy'), read('sbin/nft'), read('sbin/load')],
    ['own', 'userland/sbin/nft', 'programs/load'],
  )
  assert.ok(read('run.sh'))
  assert.is(statSync(join(dir, 'one/sbin/haproxy')).mode & 0o777, 0o755)
})

test('one of a distribution lies where that has it, beside what is there', async () => {
  const read = await laidOut('whole', 'distribution/usr/sbin/haproxy')
  assert.is(read('usr/sbin/haproxy'), 'distribution/usr/sbin/haproxy')
  assert.equal([read('sbin/haproxy'), read('sbin/nft')], [null, 'userland/sbin/nft'])
})

test.run()
