import assert from 'node:assert'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { scratch } from '../../images/cache/scratch.ts'
import { file, pack } from '../../images/rootfs/cpio.ts'
import { target } from './target.ts'

const folder = fc.constantFrom('', 'a/', 'a/b/', '-/')
const name = fc
  .stringMatching(/^[\w.+~ -]{1,20}$/)
  .filter((text) => !/^\.+$/.test(text) && !['a', 'b', '-'].includes(text))
const content = fc.uint8Array({ maxLength: 9 }).map((bytes) => Buffer.from(bytes))

export const archives = target({
  name: 'archives',
  holds: 'cpio unpacks what the lab has packed: the same files, the same bytes',
  input: fc.dictionary(
    fc.tuple(folder, name).map(([dir, name]) => dir + name),
    content,
    { maxKeys: 6 },
  ),
  check: (files) =>
    scratch('cpio', async (dir) => {
      const root = join(dir, 'root')
      mkdirSync(root)
      const archive = pack(Object.entries(files).map(([path, bytes]) => file(path, bytes)))
      const { status, stderr } = spawnSync('cpio', ['-id', '--quiet', '--no-absolute-filenames'], {
        cwd: root,
        input: archive,
      })
      assert.strictEqual(status, 0, String(stderr))
      const found = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
      assert.strictEqual(found.length, Object.keys(files).length)
      for (const [path, bytes] of Object.entries(files)) {
        assert.ok(existsSync(join(root, path)), path)
        assert.deepStrictEqual(readFileSync(join(root, path)), bytes)
      }
    }),
  lacking: () => (spawnSync('cpio', ['--version']).error ? 'cpio is missing' : null),
})
