import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { proxyNamed } from '../../../images/proxies/proxies.ts'
import { programIn } from './distribution.ts'

const { versionIn } = proxyNamed('haproxy')
const SUMS = ['a', 'b', 'c'].map((digit) => digit.repeat(64))
const SAID = `HAProxy version 2.6.12-1+deb12u3 2025/10/03 - https://haproxy.org/
Status: long-term supported branch
${SUMS[0]}  /usr/sbin/haproxy
${SUMS[1]}  /lib64/ld-linux-x86-64.so.2
${SUMS[2]}  /lib/x86_64-linux-gnu/libc.so.6
`

test('what a machine says of its proxy: the version as the distribution has it, each file and its hash', () => {
  assert.equal(programIn(SAID, versionIn), {
    version: '2.6.12-1+deb12u3',
    files: ['/usr/sbin/haproxy', '/lib64/ld-linux-x86-64.so.2', '/lib/x86_64-linux-gnu/libc.so.6'],
    sums: SAID.trim().split('\n').slice(2),
  })
})

test('another program, and one without a loader', () => {
  assert.is(programIn(SAID.replace('HAProxy', 'Another'), versionIn), null)
  assert.is(programIn(SAID.replace('ld-linux', 'ld-musl'), versionIn), null)
  assert.is(programIn('', versionIn), null)
})

test.run()
