import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'

// The Vagrantfile as far as this machine can read it; lab/e2e/vagrant.sh brings a machine up.

const folder = mkdtempSync(join(tmpdir(), 'vagrantfile-'))
test.after(() => rmSync(folder, { recursive: true }))

/** A test where a program is there; else it is skipped, and its name says why. */
const withProgram = (program: string) =>
  spawnSync(program, ['--version']).error
    ? (name: string, check: () => void) => test.skip(`${name} (there is no ${program} here)`, check)
    : test

function validated(root?: string) {
  const environment = {
    ...process.env,
    VAGRANT_HOME: join(folder, 'home'),
    VAGRANT_DOTFILE_PATH: join(folder, 'dot'),
    ...(root && { HITLESS_ROOT: root }),
  }
  const { status, stdout, stderr } = spawnSync('vagrant', ['validate', '--ignore-provider'], {
    env: environment,
    encoding: 'utf8',
  })
  return { status, said: stdout + stderr }
}

withProgram('ruby')('Ruby can read it', () => {
  const { status, stderr } = spawnSync('ruby', ['-c', 'Vagrantfile'], { encoding: 'utf8' })
  assert.is(status, 0, stderr)
})

withProgram('vagrant')('Vagrant finds it valid, with and without the root of a guest', () => {
  const root = join(folder, 'root')
  mkdirSync(root)
  writeFileSync(join(root, 'enter'), '')
  for (const { status, said } of [validated(), validated(root)]) assert.is(status, 0, said)
})

withProgram('vagrant')('a folder that is no root is told, with the command that makes one', () => {
  const { status, said } = validated(folder)
  assert.is.not(status, 0)
  assert.match(said, `HITLESS_ROOT ${folder}: expected the root of a guest\ntry: npx tsx lab/shell.ts --root ${folder}`)
})

test.run()
