import { notReady } from '../../model/fault.ts'

/** What a machine says of itself: Node.js's `process` does. */
export type Platform = Pick<NodeJS.Process, 'platform' | 'arch'>

/**
 * The image takes the lab's packages as npm has laid them out here, programs among them, and all that the lab makes in a
 * daemon names its process as Linux does.
 *
 * @throws a Fault (exit 3) where this machine is none from which a daemon can be used
 */
export function requireLinux({ platform, arch }: Platform = process) {
  if (platform === 'linux' && arch === 'x64') return
  throw notReady(
    `this machine is ${platform}/${arch}; expected linux/x64 where the lab uses a Docker daemon, as the image gets the packages that npm has installed here`,
    platform === 'win32'
      ? 'wsl --install -d Debian, and there npm ci and the same again'
      : 'a virtual machine of Linux on x86-64, and there npm ci and the same again',
  )
}
