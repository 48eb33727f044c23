import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { runImageTag } from './run-image.ts'

test('a run has its image again only with the very same image of the lab and the same parts', () => {
  const tag = runImageTag('sha256:a', ['kernel-1', 'proxy-1'])
  assert.match(tag, /^[0-9a-f]{12}$/)
  assert.is(runImageTag('sha256:a', ['proxy-1', 'kernel-1']), tag)
  assert.is.not(runImageTag('sha256:b', ['kernel-1', 'proxy-1']), tag, 'built again under its name')
  assert.is.not(runImageTag('sha256:a', ['kernel-1', 'proxy-2']), tag)
  assert.is.not(runImageTag('sha256:a', ['kernel-1']), tag)
})

test.run()
