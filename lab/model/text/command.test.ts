import { execFileSync } from 'node:child_process'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { again, shell } from './command.ts'

test('a shell gets back the words that were quoted', () => {
  const words = ['--case', './my case.ts', "it's", '$HOME', '*', '']
  const echoed = execFileSync('sh', ['-c', `printf '%s\\n' ${shell(words)}`], { encoding: 'utf8' })
  assert.equal(echoed.split('\n').slice(0, -1), words)
})

test('a run is started again in a folder of its own', () => {
  assert.is(again(['lab/run.ts', '--kernel', '6.1']), 'npx tsx lab/run.ts --kernel 6.1')
  assert.is(again(['lab/run.ts', '--out', 'x', '--out=y', '--kernel', '6.1']), 'npx tsx lab/run.ts --kernel 6.1')
})

test.run()
