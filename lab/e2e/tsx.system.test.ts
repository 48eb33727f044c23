import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { lay } from '../../images/fixtures/files.ts'
import { type Neighbour, neighbour, noNeighbour } from '../../images/fixtures/neighbour.ts'

// Another user of the machine lays code where tsx, by itself, would look for what it has compiled.

const HOME = fileURLToPath(new URL('../..', import.meta.url))
const base = mkdtempSync(join(tmpdir(), 'hitless-tsx-'))
/** As /tmp is. */
const shared = join(base, 'shared')
mkdirSync(shared)
process.on('exit', () => rmSync(base, { recursive: true, force: true }))
const [cache, ran] = [join(shared, `tsx-${process.geteuid!()}`), join(base, 'ran')]

const run = (argv: string[], env: Record<string, string> = { TMPDIR: shared }) =>
  spawnSync(argv[0]!, argv.slice(1), { cwd: HOME, encoding: 'utf8', env: { ...process.env, ...env } })

const HELP = ['lab/run.ts', '--help']
const OTHER = [process.execPath, '--import', 'tsx-itself']
const WAYS = { npx: ['npx', 'tsx'], '--import': [process.execPath, '--import', 'tsx'] }

const why = noNeighbour()
const attacked = suite('tsx beside another user')
let theirs: Neighbour

attacked.before(() => {
  theirs = neighbour()
  chmodSync(base, 0o711)
  chmodSync(shared, 0o1777)
  assert.is(theirs.does(`umask 0; mkdir ${cache}`).status, 0)
})

attacked.after(() => theirs.leave())

attacked('code in a folder that they made first is run by tsx itself, and not by the lab', () => {
  // tsx itself says which names it looks for.
  assert.is(run([...OTHER, ...HELP]).status, 3, 'the lab finds out, where it is not too late')
  const names = readdirSync(cache)
  assert.ok(names.length > 1)
  // No single quotes: it goes through a shell.
  const code = `import { writeFileSync } from "node:fs"; writeFileSync(${JSON.stringify(ran)}, "")`
  const poison = JSON.stringify({ code, map: null })
  const { status } = theirs.does(`cd ${cache}; for one in *; do printf %s '${poison}' >mine; mv -f mine "$one"; done`)
  assert.equal([status, readdirSync(cache)], [0, names])
  run([...OTHER, ...HELP])
  assert.ok(existsSync(ran), 'the attack is one')
  rmSync(ran)
  for (const [way, argv] of Object.entries(WAYS)) {
    const { status, stdout, stderr } = run([...argv, ...HELP])
    assert.is(status, 0, `${way}: ${stderr}`)
    assert.match(stdout, "Which connections does a proxy's reload lose")
    assert.not(existsSync(ran), way)
  }
  assert.equal(readdirSync(cache), names, 'nothing was written there')
})

attacked('what a link in their folder leads to is not overwritten', () => {
  const precious = join(lay(base, { precious: 'precious' }), 'precious')
  const before = statSync(precious)
  theirs.does(`cd ${cache}; for one in *; do ln -sf ${precious} "$one"; done`)
  for (const argv of Object.values(WAYS)) assert.is(run([...argv, ...HELP]).status, 0)
  assert.equal([statSync(precious).size, statSync(precious).mtimeMs], [before.size, before.mtimeMs])
})

attacked("another tsx than the lab's is refused where its files are not safe, with the command that mends it", () => {
  const asks = (env: Record<string, string>) => run([...OTHER, ...HELP], { ...env, TSX_DISABLE_CACHE: '1' })
  const { status, stderr } = asks({ TMPDIR: shared })
  assert.is(status, 3)
  assert.match(stderr, `${cache} is user ${theirs.uid}'s: expected a folder of user 0's`)
  assert.match(stderr, 'try: npm ci')
  const linked = join(base, 'linked')
  mkdirSync(linked)
  symlinkSync(cache, join(linked, 'tsx-0'))
  assert.match(asks({ TMPDIR: linked }).stderr, 'is no folder')
  const open = lay(join(base, 'open'), { 'tsx-0/x': '' })
  chmodSync(join(open, 'tsx-0'), 0o777)
  assert.match(asks({ TMPDIR: open }).stderr, 'has the mode 777')
  chmodSync(join(open, 'tsx-0'), 0o755)
  assert.is(asks({ TMPDIR: open }).status, 0)
})

if (why === null) attacked.run()
else {
  const skipped = suite('tsx beside another user')
  skipped.skip(why, () => {})
  skipped.run()
}

const own = suite('tsx, as the lab has it')

own('npx finds it, and doctor says where it keeps what it compiles', () => {
  assert.is(readlinkSync(join(HOME, 'node_modules/.bin/tsx')), '../tsx/cli.mjs')
  for (const argv of Object.values(WAYS)) {
    const { stdout } = run([...argv, 'lab/doctor.ts'], {})
    assert.match(stdout, /^ok {6}what tsx compiles: (private, in .*\/node_modules\/\.cache\/tsx|nothing is kept)$/m)
  }
  const { stdout } = run([...OTHER, 'lab/doctor.ts'], { TSX_DISABLE_CACHE: '1', TMPDIR: '/nowhere' })
  assert.match(stdout, /^MISSING what tsx compiles, .*: it was another tsx: npm ci/m)
})

own('the lab has the TMPDIR that it was given, and its arguments, status and streams', () => {
  const script = join(lay(base, { 'says.ts': SAYS }), 'says.ts')
  for (const [way, argv] of Object.entries(WAYS)) {
    const { status, stdout, stderr } = run([...argv, script, '--a', 'b c'], { TMPDIR: '/some/where' })
    assert.is(stderr, 'and so\n', way)
    assert.equal([status, JSON.parse(stdout)], [7, [script, ['--a', 'b c'], '/some/where', 'undefined']], way)
  }
})

const SAYS = `const [, file, ...args]: string[] = process.argv
console.log(JSON.stringify([file, args, process.env.TMPDIR, String(process.env.TSX_DISABLE_CACHE)]))
console.error('and so')
process.exitCode = 7
`

own('without a file it says what it expects', () => {
  for (const words of [[], ['--version']]) {
    const { status, stderr } = run(['npx', 'tsx', ...words.flatMap((word) => ['--', word])], {})
    assert.is(status, 2)
    assert.match(stderr, 'expected a file of TypeScript')
  }
})

own.run()
