import { spawnSync } from 'node:child_process'
import { gzipSync } from 'node:zlib'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Damaged } from '../cache/decompress.ts'
import { bzImage, elf } from '../fixtures/kernel.ts'
import { describe, extractVmlinux, hasPvhEntry, is64Bit, isDeb, isKernel, kernelVersion } from './bzimage.ts'

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
  assert.is(describe(Buffer.from('!<arch>\ndebian-binary   ')), 'is a Debian package')
})

test('names the architecture of a kernel for another', () => {
  const written = (text: string, at: number, start = '') => {
    const file = Buffer.alloc(4096)
    file.write(start, 'latin1')
    file.write(text, at, 'latin1')
    return file
  }
  const machine = (low: string, high: string) => written(`${low}${high}`, 0x12, '\x7fELF')
  assert.is(describe(written('ARM\x64', 0x38, 'MZ')), 'is a kernel for 64-bit ARM')
  assert.is(describe(written('RSC\x05', 0x38, 'MZ')), 'is a kernel for RISC-V')
  assert.is(describe(written('zimg', 4, 'MZ')), 'is a kernel of another architecture (EFI zboot)')
  assert.is(describe(written('\x18\x28\x6f\x01', 0x24)), 'is a kernel for 32-bit ARM')
  assert.is(describe(machine('\x3e', '\0')), 'is an ELF file for x86-64')
  assert.is(describe(machine('\x15', '\0')), 'is an ELF file for 64-bit PowerPC')
  assert.is(describe(machine('\0', '\x16')), 'is an ELF file for S/390')
})

test('tells a 64-bit kernel from a 32-bit one by the header, or by the ELF inside where the header is too old', async () => {
  const narrow = Buffer.from(vmlinux)
  narrow[4] = 1
  assert.ok(await is64Bit(bzImage(gzipSync(vmlinux))))
  assert.not(await is64Bit(bzImage(gzipSync(vmlinux), { bits: 32 })))
  assert.ok(await is64Bit(bzImage(gzipSync(vmlinux), { protocol: 0x020a })))
  assert.not(await is64Bit(bzImage(gzipSync(narrow), { protocol: 0x020a })))
})

test('tells a Debian package from another archive', () => {
  assert.ok(isDeb(Buffer.from('!<arch>\ndebian-binary   1700000000')))
  assert.not(isDeb(Buffer.from('!<arch>\nlibfoo.o/')))
})

test('reads the version', () => {
  const banner = '6.1.0-56-cloud-amd64 (someone) #1 SMP Debian 6.1.192-2 (2026-11-16)'
  assert.is(kernelVersion(bzImage(Buffer.from('payload'), { banner })), banner)
})

test('unpacks a gzip payload, which ends with the size itself', async () => {
  assert.equal(await extractVmlinux(bzImage(gzipSync(vmlinux))), vmlinux)
})

const COMMANDS = ['xz --check=crc32', 'zstd', 'lz4 -l', 'xz --format=lzma', 'bzip2', 'lzop']
for (const command of COMMANDS) {
  const [program, ...options] = command.split(' ')
  if (spawnSync(program!, ['--version']).error) continue
  test(`unpacks a payload of ${command}, with the size appended`, async () => {
    const packed = spawnSync(program!, [...options, '-c'], { input: vmlinux }).stdout
    const size = Buffer.alloc(4)
    size.writeUInt32LE(vmlinux.length)
    assert.equal(await extractVmlinux(bzImage(Buffer.concat([packed, size]))), vmlinux)
    if (command === 'lz4 -l') return // It has no checksum.
    packed[packed.length >> 1]! ^= 0xff
    const error = await extractVmlinux(bzImage(Buffer.concat([packed, size]))).catch((error) => error)
    assert.instance(error, Damaged)
  })
}

test('calls a gzip payload damaged only where it is', async () => {
  const failure = async (payload: Buffer) => extractVmlinux(bzImage(payload)).catch((error) => error)
  const torn = gzipSync(vmlinux)
  torn[torn.length - 6]! ^= 0xff
  assert.instance(await failure(torn), Damaged)
  for (const payload of [gzipSync('no kernel'), Buffer.from('packed as nobody knows')]) {
    assert.instance(await failure(payload), Error)
    assert.not.instance(await failure(payload), Damaged)
  }
})

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

test('sizes of notes that add up to nothing, and thousands of segments that are all the file, end all the same', () => {
  const still = elf({ owner: 'Linux', type: 18, content: 'x'.repeat(64) })
  still.writeUInt32LE(0x80000000, 64 + 56)
  still.writeUInt32LE(0x7ffffff4, 64 + 56 + 4)
  assert.not(hasPvhEntry(still))
  const many = Buffer.concat([elf(), Buffer.alloc(4 * 1024 * 1024)])
  const segments = 60000
  many.writeUInt16LE(segments, 0x38)
  for (let i = 0; i < segments; i++) {
    many.writeUInt32LE(4, 64 + i * 56)
    many.writeBigUInt64LE(BigInt(64 + segments * 56), 64 + i * 56 + 8)
    many.writeBigUInt64LE(BigInt(many.length), 64 + i * 56 + 32)
  }
  assert.not(hasPvhEntry(many))
})

test.run()
