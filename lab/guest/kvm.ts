import { accessSync, constants, existsSync, readFileSync, statSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { $, which } from 'zx'
import { cacheRoot, scratch, sha256 } from '../../images/cache.ts'

/** A boot sector: mov al, 0x10; out 0xf4, al; hlt; jmp back. QEMU's isa-debug-exit then ends with status 33. */
const BOOT_SECTOR = Buffer.concat([
  Buffer.from([0xb0, 0x10, 0xe6, 0xf4, 0xf4, 0xeb, 0xfd]),
  Buffer.alloc(503),
  Buffer.from([0x55, 0xaa]),
])
const RAN = (0x10 << 1) | 1

/**
 * Whether a guest really runs with KVM, found out by running one: /dev/kvm can be opened on machines where no guest
 * ever gets to its first instruction. The answer is kept until the host boots again or its QEMU changes.
 */
export async function kvmRuns(): Promise<boolean> {
  try {
    accessSync('/dev/kvm', constants.R_OK | constants.W_OK)
  } catch {
    return false
  }
  const qemu = await which('qemu-system-x86_64')
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8')
  const answer = join(cacheRoot(), 'kvm', sha256(boot, qemu, String(statSync(qemu).mtimeMs)).slice(0, 12))
  if (!existsSync(answer)) {
    const runs = await tryGuest()
    await mkdir(join(cacheRoot(), 'kvm'), { recursive: true })
    await writeFile(answer, runs ? 'runs' : 'does not run')
  }
  return readFileSync(answer, 'utf8') === 'runs'
}

const tryGuest = () =>
  scratch('kvm', async (dir) => {
    const disk = join(dir, 'boot')
    await writeFile(disk, BOOT_SECTOR)
    const machine = [
      '-accel',
      'kvm',
      '-machine',
      'pc',
      '-nodefaults',
      '-no-user-config',
      '-display',
      'none',
      '-m',
      '32',
    ]
    const exit = ['-device', 'isa-debug-exit,iobase=0xf4,iosize=1']
    const drive = ['-drive', `file=${disk},format=raw,if=floppy,readonly=on`]
    const patient = $({ quiet: true, nothrow: true, timeout: '3s', timeoutSignal: 'SIGKILL' })
    const { exitCode } = await patient`qemu-system-x86_64 ${[...machine, ...exit, ...drive]}`
    return exitCode === RAN
  })
