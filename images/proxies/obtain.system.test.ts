import { execFileSync } from 'node:child_process'
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { EXIT, Fault } from '../../lab/model/fault.ts'
import { lay, scratchWithCache } from '../fixtures/files.ts'
import { testSupply } from '../fixtures/supply.ts'
import { obtainProxy } from './obtain.ts'
import { parseProxy, proxyNamed } from './proxies.ts'

const { dir, end } = scratchWithCache('proxies')
test.after(end)
let count = 0

/** A static program. */
function program(body: string): string {
  const path = join(dir, `program-${++count}`)
  const source = `#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\n#include <unistd.h>\n#include <arpa/inet.h>\nint main(int argc, char **argv) { ${body} }`
  execFileSync('musl-gcc', ['-static', '-x', 'c', '-o', path, '-'], { input: source })
  return path
}
const HAPROXY = 'puts("HAProxy version 2.9.1-1 2026/01/01"); return 0;'

const obtain = (which: string, name = 'haproxy') => obtainProxy(parseProxy(`${name}:${which}`), testSupply())

async function refused(which: string, why: string): Promise<string> {
  const error = await obtain(which).catch((error) => error)
  assert.instance(error, Fault, error.stack)
  assert.is(error.exit, EXIT.usage)
  assert.is(error.message, `--proxy haproxy:${which}: ${why}; expected a static executable of HAProxy for x86-64`)
  return error.hint!
}

/** The header of a program for another machine. */
function elf(machine: number, bits = 64): Buffer {
  const file = Buffer.alloc(64)
  file.write(`\x7fELF${bits === 64 ? '\x02' : '\x01'}\x01`, 'latin1')
  file.writeUInt16LE(machine, 18)
  return file
}

test('takes a static HAProxy of any version', async () => {
  const path = program(HAPROXY)
  assert.equal(await obtain(path), { path, version: '2.9.1', debian: null })
  assert.is((await obtain(program('puts("HA-Proxy version 1.7.0 2016/11/25"); return 0;'))).version, '1.7.0')
})

test('takes a static nginx, which tells its version on stderr', async () => {
  const path = program('fputs("nginx version: nginx/1.22.1\\n", stderr); return 0;')
  assert.equal(await obtain(path, 'nginx'), { path, version: '1.22.1', debian: null })
})

test('a program is asked for its version in the way of its proxy', async () => {
  const path = program(`if (argc != 2 || strcmp(argv[1], "version")) return 1; ${HAPROXY}`)
  const proxy = { ...proxyNamed('haproxy'), versionFlag: 'version' }
  assert.is((await obtainProxy({ proxy, which: path }, testSupply())).version, '2.9.1')
  await refused(path, 'does not say the version of HAProxy when it is run with -v')
})

test('a program in a path with spaces and quotes is as good', async () => {
  const path = join(dir, "it's a place", 'haproxy')
  mkdirSync(join(dir, "it's a place"))
  copyFileSync(program(HAPROXY), path)
  assert.is((await obtain(path)).path, path)
})

test('refuses a directory, and names the program in it', async () => {
  const empty = lay(join(dir, 'tree'), { Makefile: '' })
  assert.is(await refused(empty, 'is a directory'), '--proxy haproxy:2.6, which the lab builds')
  lay(empty, { haproxy: '' })
  assert.is(await refused(empty, 'is a directory'), `--proxy haproxy:${empty}/haproxy`)
})

test('refuses what is no program for x86-64, and says what it is', async () => {
  const at = (name: string, content: string | Buffer) => join(lay(dir, { [name]: content }), name)
  await refused(join(dir, 'missing'), 'no such file')
  await refused('/dev/null', 'is neither a file nor a directory')
  await refused(at('empty', ''), 'is empty')
  await refused(at('script', '#!/bin/sh\necho HAProxy version 2.6.1\n'), 'is a text file')
  await refused(at('arm', elf(183)), 'is an ELF file for 64-bit ARM')
  await refused(at('narrow', elf(3, 32)), 'is an ELF file for 32-bit x86')
  await refused(at('object', elf(62)), 'is an ELF file for x86-64')
  await refused(at('cut', readFileSync(program(HAPROXY)).subarray(0, 80)), 'is an ELF file for x86-64')
})

test('refuses a program that needs libraries', async () => {
  const hint = await refused(process.execPath, 'is linked dynamically, and a guest has no libraries')
  assert.match(hint, 'LDFLAGS=-static')
})

test('refuses another program, also one that waits for input', async () => {
  const why = 'does not say the version of HAProxy when it is run with -v'
  await refused(program('return 1;'), why)
  await refused(program('puts("nginx version: nginx/1.22.1"); return 0;'), why)
  await refused(program('while (getchar() != EOF); abort();'), why)
})

/** A HAProxy that first tries something, and calls itself 9.9.9 if that works. */
const trying = (attempt: string) =>
  program(`puts((${attempt}) ? "HAProxy version 9.9.9 2026/01/01" : "HAProxy version 2.9.1 2026/01/01"); return 0;`)

test('a program that is asked reads and writes no file of the host, and reaches no network', async () => {
  const victim = join(lay(dir, { victim: 'secret' }), 'victim')
  const held = async (attempt: string) => assert.is((await obtain(trying(attempt))).version, '2.9.1', attempt)
  await held(`fopen("${victim}", "r")`)
  await held(`fopen("${victim}.new", "w")`)
  await held('fopen("/new", "w")')
  await held('fopen("/proc/sys/kernel/core_pattern", "r+")')
  const { server, port } = await new Promise<{ server: Server; port: number }>((resolve) => {
    const server = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1', () =>
      resolve({ server, port: (server.address() as AddressInfo).port }),
    )
  })
  const at = `.sin_family = AF_INET, .sin_port = htons(${port}), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)`
  await held(
    `!connect(socket(AF_INET, SOCK_STREAM, 0), (struct sockaddr *)&(struct sockaddr_in){ ${at} }, sizeof(struct sockaddr_in))`,
  )
  server.close()
  assert.is(readFileSync(victim, 'utf8'), 'secret')
  assert.not(existsSync(`${victim}.new`))
})

test('a program that is asked and prints without end is ended, and so is one that waits', async () => {
  const why = 'does not say the version of HAProxy when it is run with -v'
  await refused(program('for (;;) puts("x");'), why)
  await refused(program('pause();'), why)
})

test('refuses one that cannot be executed, and says what to type', async () => {
  const path = program(HAPROXY)
  chmodSync(path, 0o644)
  assert.is(await refused(path, 'cannot be executed'), `chmod a+rx ${path}`)
})

test('refuses a series that Debian has not', async () => {
  const error = await obtain('9.9').catch((error) => error)
  assert.is(error.exit, EXIT.usage)
  assert.match(error.message, 'no HAProxy 9.9: choose 1.5, 1.7')
})

test.run()
