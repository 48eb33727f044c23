/** Whether a program asks for a dynamic linker (has PT_INTERP); null when it is none for x86-64. See elf(5). */
export function describeElf(file: Buffer): { dynamic: boolean } | null {
  const [MAGIC, CLASS64, X86_64, PT_INTERP, PROGRAM_HEADER] = [0x7f454c46, 2, 62, 3, 56]
  if (file.length < 64 || file.readUInt32BE(0) !== MAGIC || file[4] !== CLASS64 || file.readUInt16LE(18) !== X86_64)
    return null
  const [offset, size, count] = [Number(file.readBigUInt64LE(32)), file.readUInt16LE(54), file.readUInt16LE(56)]
  // Cut short, or an object file, which has nothing to be loaded.
  if (count === 0 || size < PROGRAM_HEADER || offset + count * size > file.length) return null
  const headers = Array.from({ length: count }, (_, i) => file.readUInt32LE(offset + i * size))
  return { dynamic: headers.includes(PT_INTERP) }
}
