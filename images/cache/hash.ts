import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'

/** SHA-256 of a content, in hex, as sha256sum(1) prints it. */
export const contentSha256 = (content: string | Buffer): string => createHash('sha256').update(content).digest('hex')

/** SHA-256 of a file's content, in hex. */
export const fileSha256 = async (path: string): Promise<string> => contentSha256(await readFile(path))

/** SHA-256 of strings and buffers, in hex; a NUL separates the parts. */
export function sha256(...parts: (string | Buffer)[]): string {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part).update('\0')
  return hash.digest('hex')
}
