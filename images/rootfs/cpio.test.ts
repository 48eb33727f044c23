import { spawnSync } from 'node:child_process'
import { chmod, symlink as link, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { characterDevice, file, pack, symlink, tree, writeInitrd } from './cpio.ts'

/** Compares with cpio where it is installed; the guests that the lab boots check the archives anyway. */
const withCpio = spawnSync('cpio', ['--version']).error ? test.skip : test

/** cpio's list of an archive: mode, owner, group and the rest of the line from the size (or device numbers) on. */
function listed(archive: Buffer): string[] {
  const { stdout } = spawnSync('cpio', ['-itv', '--quiet', '--numeric-uid-gid'], { input: archive })
  return String(stdout)
    .trim()
    .split('\n')
    .map((line) => line.replace(/ +/g, ' ').replace(/Jan 1 \d+/, 'epoch'))
}

const entries = [
  symlink('bin/sh', 'busybox'),
  file('init', '#!/bin/sh\n', 0o755),
  file('bin/busybox', 'four', 0o755),
  characterDevice('dev/console', 5, 1),
]

withCpio('cpio reads it: parents are added, entries are sorted, all are owned by root', () => {
  assert.equal(listed(pack(entries)), [
    'drwxr-xr-x 1 0 0 0 epoch bin',
    '-rwxr-xr-x 1 0 0 4 epoch bin/busybox',
    'lrwxrwxrwx 1 0 0 7 epoch bin/sh -> busybox',
    'drwxr-xr-x 1 0 0 0 epoch dev',
    'crw------- 1 0 0 5, 1 epoch dev/console',
    '-rwxr-xr-x 1 0 0 10 epoch init',
  ])
})

test('the order of the entries makes no difference', () => {
  assert.equal(pack(entries), pack([...entries].reverse()))
})

withCpio('keeps content of any length, and the later of two entries with one path', () => {
  for (const content of ['', '1', '12', '123', '1234']) {
    const archive = pack([file('x', 'earlier'), file('x', content)])
    assert.is(archive.length % 4, 0)
    const { stdout } = spawnSync('cpio', ['-i', '--quiet', '--to-stdout', 'x'], { input: archive })
    assert.is(String(stdout), content)
  }
})

withCpio('takes a directory of the host, and appends to other archives', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'initramfs-'))
  try {
    await mkdir(join(dir, 'root/sbin'), { recursive: true })
    await writeFile(join(dir, 'root/sbin/tc'), 'tc')
    await chmod(join(dir, 'root/sbin/tc'), 0o755)
    await link('sbin', join(dir, 'root/bin'))
    const [base, initrd] = [join(dir, 'base'), join(dir, 'initrd')]
    await writeFile(base, pack(await tree(join(dir, 'root'), 'usr')))
    assert.equal(listed(await readFile(base)), [
      'drwxr-xr-x 1 0 0 0 epoch usr',
      'lrwxrwxrwx 1 0 0 4 epoch usr/bin -> sbin',
      'drwxr-xr-x 1 0 0 0 epoch usr/sbin',
      '-rwxr-xr-x 1 0 0 2 epoch usr/sbin/tc',
    ])
    await writeInitrd(initrd, [base], entries)
    assert.equal(await readFile(initrd), Buffer.concat([await readFile(base), pack(entries)]))
  } finally {
    await rm(dir, { recursive: true })
  }
})

test.run()
