import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { installs } from './installs.ts'
import { parseRequest } from './run.ts'

const asked = async (environment: NodeJS.ProcessEnv, ...argv: string[]) =>
  installs(await parseRequest(['--kernel', '6.1', ...argv], {}), environment)

test('whoever is there is asked, unless somebody has said so before', async () => {
  assert.is(await asked({}), 'ask')
  assert.is(await asked({ CI: 'false' }), 'ask')
  assert.is(await asked({ CI: 'true' }), 'always')
  assert.is(await asked({}, '--install'), 'always')
})

test('a no counts for more than any yes', async () => {
  assert.is(await asked({ CI: '1' }, '--no-install', '--install'), 'never')
})

test.run()
