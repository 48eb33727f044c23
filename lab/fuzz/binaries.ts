import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { bzImage, elf, ikconfig } from '../../images/fixtures/kernel.ts'
import {
  describe,
  extractVmlinux,
  hasPvhEntry,
  is64Bit,
  isKernel,
  kernelVersion,
} from '../../images/kernels/bzimage.ts'
import { embeddedConfig } from '../../images/kernels/own/ikconfig.ts'
import { describeElf } from '../../images/proxies/elf.ts'
import { type Damage, damage, damaged, noAccident, target } from './target.ts'

const ELF = elf({ owner: 'GNU', type: 3, content: 'an id' }, { owner: 'Xen', type: 18, content: 'entry' })
const KERNEL = Buffer.concat([ELF, ikconfig('CONFIG_A=y\n')])

/** A program with two headers, of which the second asks for a dynamic linker. */
const PROGRAM = (() => {
  const headers = Buffer.alloc(64 + 2 * 56)
  headers.write('\x7fELF\x02\x01', 'latin1')
  headers.writeUInt16LE(62, 18)
  headers.writeBigUInt64LE(64n, 32)
  headers.writeUInt16LE(56, 54)
  headers.writeUInt16LE(2, 56)
  headers.writeUInt32LE(3, 64 + 56)
  return headers
})()

const NOTHING: Damage = { bytes: [], kept: 1 }

/** The fields of an ELF file that say where its headers are: offset, size, number. Bytes elsewhere decide little. */
const FIELDS = [32, 33, 54, 55, 56, 57, 64, 120].map((at) => at / PROGRAM.length)
const inHeader = fc.record({
  kept: fc.constant(1),
  bytes: fc.array(fc.tuple(fc.constantFrom(...FIELDS), fc.integer({ min: 0, max: 255 })), { maxLength: 5 }),
})

export const images = target({
  name: 'images',
  holds: 'a kernel image with any damage, outside or inside, is told what it is, or refused in words',
  input: fc.record({ inside: fc.oneof(fc.constant(NOTHING), damage()), outside: damage(), old: fc.boolean() }),
  check: async ({ inside, outside, old }) => {
    const payload = gzipSync(damaged(KERNEL, inside))
    const image = damaged(bzImage(payload, { protocol: old ? 0x0208 : 0x020f }), outside)
    describe(image)
    if (!isKernel(image)) return
    kernelVersion(image)
    await noAccident(() => is64Bit(image))
    await noAccident(() => extractVmlinux(image))
  },
})

export const kernels = target({
  name: 'kernels',
  holds: 'an unpacked kernel with any damage is told whether QEMU can enter it, and which configuration it has',
  input: damage(),
  check: async (harm) => {
    const kernel = damaged(KERNEL, harm)
    await noAccident(() => hasPvhEntry(kernel))
    await embeddedConfig(kernel).catch(() => null)
  },
  kept: [{ bytes: [], kept: 0 }],
})

export const programs = target({
  name: 'programs',
  holds: "a proxy's program with any damage is told whether it is one",
  input: inHeader,
  check: (harm) => void describeElf(damaged(PROGRAM, harm)),
  // Headers of two bytes, at the end of the file.
  kept: [
    {
      kept: 1,
      bytes: [
        [FIELDS[0]!, 171],
        [FIELDS[2]!, 2],
      ],
    },
  ],
})
