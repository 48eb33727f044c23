import { spawnSync } from 'node:child_process'
import { gzipSync } from 'node:zlib'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { describe, extractVmlinux, hasPvhEntry, isKernel, kernelVersion } from './bzimage.ts'

/** A 64-bit ELF whose only segment is a PT_NOTE with these notes. */
function elf(...notes: { owner: string; type: number; content: string }[]): Buffer {
  const words = (...values: number[]) => Buffer.from(Uint32Array.from(values).buffer)
  const padded = (bytes: Buffer) => Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)])
  const content = notes.flatMap(({ owner, type, content }) => {
    const name = Buffer.from(`${owner}\0`)
    return [words(name.length, content.length, type), padded(name), padded(Buffer.from(content))]
  })
  const segment = Buffer.concat(content)
  const headers = Buffer.alloc(64 + 56)
  headers.write('\x7fELF', 'latin1')
  headers.writeBigUInt64LE(64n, 0x20)
  headers.writeUInt16LE(56, 0x36)
  headers.writeUInt16LE(1, 0x38)
  headers.writeUInt32LE(4, 64)
  headers.writeBigUInt64LE(BigInt(headers.length), 64 + 8)
  headers.writeBigUInt64LE(BigInt(segment.length), 64 + 32)
  return Buffer.concat([headers, segment])
}

/** A bzImage with one setup sector after the boot sector. */
function bzImage(payload: Buffer): Buffer {
  const setup = Buffer.alloc(1024)
  setup[0x1f1] = 1
  setup.write('HdrS', 0x202)
  setup.writeUInt16LE(0x020f, 0x206)
  setup.writeUInt16LE(0x100, 0x20e)
  setup.writeUInt32LE(16, 0x248)
  setup.writeUInt32LE(payload.length, 0x24c)
  setup.write('6.1.0-56-cloud-amd64 (someone) #1 SMP Debian 6.1.192-2 (2026-11-16)\0', 0x300)
  return Buffer.concat([setup, Buffer.alloc(16), payload, Buffer.from('a signature follows')])
}

const vmlinux = elf({ owner: 'Linux', type: 18, content: 'x' }, { owner: 'Xen', type: 18, content: 'entry' })

test('tells a kernel from other files', () => {
  assert.ok(isKernel(bzImage(Buffer.from('payload'))))
  const short = bzImage(Buffer.from('payload')).subarray(0, 1043)
  assert.not(isKernel(short))
  assert.match(describe(short), 'cut short')
  for (const other of [Buffer.alloc(0), Buffer.alloc(4096), vmlinux, Buffer.from('#!/bin/sh\n')])
    assert.not(isKernel(other))
})

test('says what else a file is', () => {
  assert.is(describe(vmlinux), 'is an ELF file')
  assert.is(describe(Buffer.from('#!/bin/sh\n')), 'is a text file')
  assert.is(describe(gzipSync('x')), 'is a gzip file')
  assert.is(describe(Buffer.alloc(0)), 'is empty')
  assert.is(describe(Buffer.alloc(4096)), 'has no x86 setup header')
})

test('reads the version', () => {
  assert.match(kernelVersion(bzImage(Buffer.from('payload'))), /^6\.1\.0-56-cloud-amd64 .* \(2026-11-16\)$/)
})

test('unpacks a payload of gzip, whose own end is the size', async () => {
  assert.equal(await extractVmlinux(bzImage(gzipSync(vmlinux))), vmlinux)
})

for (const command of ['xz --check=crc32', 'zstd', 'lz4 -l', 'xz --format=lzma', 'bzip2', 'lzop']) {
  const [program, ...options] = command.split(' ')
  if (spawnSync(program!, ['--version']).error) continue
  test(`unpacks a payload of ${command}, with the size appended`, async () => {
    const packed = spawnSync(program!, [...options, '-c'], { input: vmlinux }).stdout
    const size = Buffer.alloc(4)
    size.writeUInt32LE(vmlinux.length)
    assert.equal(await extractVmlinux(bzImage(Buffer.concat([packed, size]))), vmlinux)
  })
}

test('does not take a damaged payload for a kernel', async () => {
  const payloads = [gzipSync('no kernel'), gzipSync(vmlinux).fill(0, 20, 40), Buffer.from('not packed at all')]
  for (const payload of payloads) {
    const error = await extractVmlinux(bzImage(payload)).catch((error) => error)
    assert.instance(error, Error)
  }
})

test('finds the entry for PVH by owner and type', () => {
  assert.ok(hasPvhEntry(vmlinux))
  assert.not(hasPvhEntry(elf({ owner: 'Linux', type: 18, content: 'x' }, { owner: 'Xen', type: 6, content: 'linux' })))
})

test.run()
