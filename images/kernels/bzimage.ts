import { decompress } from '../cache/decompress.ts'

// Reading a bzImage is kept by hand: no library knows the format, or the PVH note in the ELF file inside.

// Offsets in the setup header: Documentation/arch/x86/boot.rst.
const SETUP_SECTS = 0x1f1
const MAGIC = 0x202
const PROTOCOL = 0x206
const VERSION_STRING = 0x20e
const XLOADFLAGS = 0x236
const PAYLOAD_OFFSET = 0x248
const PAYLOAD_LENGTH = 0x24c
const HEADER_END = 0x250

const startsWith = (file: Buffer, magic: string, at = 0) => file.toString('latin1', at, at + magic.length) === magic
const isElf = (file: Buffer) => startsWith(file, '\x7fELF')

/** Whether a file is a whole x86 kernel image (bzImage) of boot protocol 2.08 (Linux 2.6.26) or later. */
export const isKernel = (file: Buffer) =>
  file.length >= HEADER_END &&
  startsWith(file, 'HdrS', MAGIC) &&
  file.readUInt16LE(PROTOCOL) >= 0x0208 &&
  payloadOf(file).end <= file.length

/** The range of the compressed kernel in a bzImage. */
function payloadOf(bzImage: Buffer) {
  const start = (bzImage[SETUP_SECTS]! + 1) * 512 + bzImage.readUInt32LE(PAYLOAD_OFFSET)
  return { start, end: start + bzImage.readUInt32LE(PAYLOAD_LENGTH) }
}

/** Whether a file is a Debian package: an archive of ar whose first member is debian-binary. */
export const isDeb = (file: Buffer) => startsWith(file, '!<arch>\ndebian-binary')

/** The processors that kernels are built for, by e_machine (elf.h). */
const MACHINES: Record<number, string> = {
  3: '32-bit x86',
  8: 'MIPS',
  20: 'PowerPC',
  21: '64-bit PowerPC',
  22: 'S/390',
  40: '32-bit ARM',
  62: 'x86-64',
  183: '64-bit ARM',
  243: 'RISC-V',
  258: 'LoongArch',
}

const machineOf = (elf: Buffer) => MACHINES[elf.readUInt16LE(0x12)] ?? MACHINES[elf.readUInt16BE(0x12)]

/** Says what a file is that is no kernel, for an error message: "is a text file". */
export function describe(file: Buffer): string {
  if (file.length === 0) return 'is empty'
  if (isElf(file)) return `is an ELF file${file.length > 0x14 && machineOf(file) ? ` for ${machineOf(file)}` : ''}`
  // Documentation/arch/arm64/booting.rst, arch/riscv/boot-image-header.rst; the same with EFI's own unpacker (zboot).
  if (startsWith(file, 'ARM\x64', 0x38)) return 'is a kernel for 64-bit ARM'
  if (startsWith(file, 'RSC\x05', 0x38)) return 'is a kernel for RISC-V'
  if (startsWith(file, 'MZ') && startsWith(file, 'zimg', 4)) return 'is a kernel of another architecture (EFI zboot)'
  if (file.length > 0x28 && file.readUInt32LE(0x24) === 0x016f2818) return 'is a kernel for 32-bit ARM'
  if (isDeb(file)) return 'is a Debian package'
  if (startsWith(file, '\x1f\x8b')) return 'is a gzip file'
  if (startsWith(file, 'HdrS', MAGIC)) return 'is a kernel image, but cut short or older than Linux 2.6.26'
  if (!file.subarray(0, 4096).includes(0)) return 'is a text file'
  return 'has no x86 setup header'
}

/**
 * The banner of a bzImage: "6.1.0-56-cloud-amd64 (builder) #1 SMP … Debian 6.1.192-2 (2026-11-16)". `uname -r` will print
 * its first word.
 */
export function kernelVersion(bzImage: Buffer): string {
  const start = bzImage.readUInt16LE(VERSION_STRING) + 0x200
  return bzImage.toString('latin1', start, bzImage.indexOf(0, start))
}

/**
 * Whether a bzImage holds a 64-bit kernel. From boot protocol 2.12 on (Linux 3.8) the header tells, before that the ELF
 * file inside.
 *
 * @throws when the kernel inside is needed and cannot be unpacked
 */
export async function is64Bit(bzImage: Buffer): Promise<boolean> {
  if (bzImage.readUInt16LE(PROTOCOL) >= 0x020c) return (bzImage.readUInt16LE(XLOADFLAGS) & 1) === 1
  return (await extractVmlinux(bzImage))[4] === 2
}

/**
 * The uncompressed kernel (ELF) inside a bzImage.
 *
 * @throws when it cannot be unpacked; a Fault when the host lacks the program for it
 */
export async function extractVmlinux(bzImage: Buffer): Promise<Buffer> {
  const { start, end } = payloadOf(bzImage)
  const payload = bzImage.subarray(start, end)
  if (payload.length < 4) throw new Error("the kernel's payload is cut short")
  // The last four bytes are the unpacked size. They belong to the format of gzip; to the others the kernel's build
  // appends them, and the programs would complain of trailing data.
  const size = payload.readUInt32LE(payload.length - 4)
  const vmlinux = await decompress(startsWith(payload, '\x1f\x8b') ? payload : payload.subarray(0, -4))
  if (!isElf(vmlinux) || vmlinux.length !== size) throw new Error(`the kernel's payload is not an ELF of ${size} bytes`)
  return vmlinux
}

/** Bytes of an ELF file's header, and of a program header: elf.h, 64 bits. */
const ELF_HEADER = 64
const PROGRAM_HEADER = 56
const PT_NOTE = 4
/** A kernel has one or two segments of notes, of some 500 bytes; more would only take time to read. */
const MOST_NOTES = 16
const MOST_NOTE_BYTES = 65536
const XEN_ELFNOTE_PHYS32_ENTRY = 18

/**
 * Whether QEMU can enter an uncompressed 64-bit kernel directly: one with CONFIG_PVH (Linux 5.0 and later) carries a note
 * with the 32-bit entry point.
 */
export function hasPvhEntry(elf: Buffer): boolean {
  if (elf.length < ELF_HEADER) return false
  const [table, size, count] = [Number(elf.readBigUInt64LE(0x20)), elf.readUInt16LE(0x36), elf.readUInt16LE(0x38)]
  return Array.from({ length: count }, (_, i) => elf.subarray(table + i * size))
    .filter((segment) => segment.length >= PROGRAM_HEADER && segment.readUInt32LE(0) === PT_NOTE)
    .slice(0, MOST_NOTES)
    .flatMap((segment) => {
      const start = Number(segment.readBigUInt64LE(8))
      const length = Math.min(Number(segment.readBigUInt64LE(32)), MOST_NOTE_BYTES)
      return notes(elf.subarray(start, start + length))
    })
    .some(({ owner, type }) => owner === 'Xen' && type === XEN_ELFNOTE_PHYS32_ENTRY)
}

/**
 * The notes of a segment. Each has the sizes of owner and content, a type, the owner and the content, padded to four
 * bytes. Sizes are whatever a builder wrote: each step goes forward, as the padding is no operation on 32 bits.
 */
function notes(segment: Buffer): { owner: string; type: number }[] {
  const found: { owner: string; type: number }[] = []
  const padded = (size: number) => Math.ceil(size / 4) * 4
  for (let at = 0; at + 12 <= segment.length; ) {
    const [ownerSize, contentSize, type] = [0, 4, 8].map((offset) => segment.readUInt32LE(at + offset))
    found.push({ owner: segment.toString('latin1', at + 12, at + 11 + Math.min(ownerSize!, 64)), type: type! })
    at += 12 + padded(ownerSize!) + padded(contentSize!)
  }
  return found
}
