import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { cacheRoot } from '../../images/cache/cache.ts'

// Where the lab and its cache may be. End to end.

const HERE = fileURLToPath(new URL('../..', import.meta.url))
const scratch = mkdtempSync(join(tmpdir(), 'hitless-test-'))
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }))

/** Runs a verb as a user does. The time limit is far above what any takes, and ends those that never would. */
function run(home: string, verb: string, args: string[], env: NodeJS.ProcessEnv) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', `lab/${verb}.ts`, ...args], {
    cwd: home,
    env: { ...process.env, ...env },
    encoding: 'utf8',
    timeout: 300_000,
    killSignal: 'SIGKILL',
  })
  return { status, stdout, stderr }
}

const FEW = ['--kernel', 'host', '--case', 'no-reload', '--duration', '1']

for (const [what, env] of [
  ['a cache where no folder can be made', { XDG_CACHE_HOME: '/proc/nope' }],
  ['a home where no folder can be made', { XDG_CACHE_HOME: '', HOME: '/proc/nope' }],
  ['a home that is a file', { XDG_CACHE_HOME: '', HOME: join(HERE, 'package.json') }],
] as const)
  test(`${what} is said, with status 3, and ends the run at once`, () => {
    const { status, stdout, stderr } = run(HERE, 'run', FEW, env)
    assert.is(status, 3, stderr)
    assert.is(stdout, '')
    assert.match(
      stderr,
      `hitless: the cache ${env.XDG_CACHE_HOME || join(env.HOME!, '.cache')}/hitless cannot be used: `,
    )
    assert.match(stderr, 'try: XDG_CACHE_HOME=')
    const doctor = run(HERE, 'doctor', [], env)
    assert.is(doctor.status, 3)
    assert.match(doctor.stdout, 'MISSING a cache that can be written')
    assert.is(run(HERE, 'list', ['kernels', '--offline'], env).status, 0, 'a list needs no cache')
  })

test('a checkout and a cache in a path with spaces, quotes and the like', () => {
  const place = join(scratch, `it's a (place) & 50%`)
  const home = join(place, 'the lab')
  mkdirSync(home, { recursive: true })
  for (const part of ['lab', 'images', 'cases', 'package.json', 'tsconfig.json'])
    cpSync(join(HERE, part), join(home, part), { recursive: true })
  symlinkSync(join(HERE, 'node_modules'), join(home, 'node_modules'))
  // The same cache by another name; images/userland/programs.system.test.ts builds in an empty one.
  const cache = join(place, 'the cache')
  mkdirSync(cacheRoot(), { recursive: true })
  symlinkSync(dirname(cacheRoot()), cache)
  cpSync(join(home, 'lab/e2e/cases/steady.ts'), join(home, 'my case.ts'))
  const mine = run(home, 'run', ['--kernel', 'host', '--case', './my case.ts', '--duration', '1'], {
    XDG_CACHE_HOME: cache,
  })
  assert.is(mine.status, 0, mine.stderr)
  const [saved] = readdirSync(join(home, 'reports'))
  assert.ok(existsSync(join(home, 'reports', saved!, 'report.html')))
  const compared = run(home, 'compare', [join('reports', saved!)], {})
  assert.is(compared.status, 0, compared.stderr)
  assert.is(readdirSync(join(home, 'reports')).length, 2)
})

test.run()
