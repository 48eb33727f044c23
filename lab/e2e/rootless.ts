import { execFileSync } from 'node:child_process'
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { LABEL } from '../engine/docker/owner.ts'
import { VOLUME } from '../engine/docker/rights.ts'
import { Dockerd } from './dockerd.ts'

/** A user whom no host has, and whom only the daemon's namespaces know by a name. */
export const USER = 4242

/** What runs a command as some user. The tests' files may be in folders of root's: these it may read, and write nothing. */
export const asUser = (user: number) => [
  ...['setpriv', `--reuid=${user}`, `--regid=${user}`, '--clear-groups'],
  ...['--inh-caps=+dac_read_search', '--ambient-caps=+dac_read_search'],
]

/** A rootless daemon of {@link USER}'s, as dockerd-rootless.sh starts it; it forgets what it has. */
export class Rootless extends Dockerd {
  protected override get inner() {
    return '/mnt/daemon'
  }

  protected override command() {
    const programs = '/mnt/programs'
    const bin = [`${programs}/usr/bin`, `${programs}/usr/sbin`, '/usr/sbin', '/usr/bin', '/sbin', '/bin']
    const libraries = ['lib', 'usr/lib'].map((dir) => `${programs}/${dir}/x86_64-linux-gnu`)
    return [
      ...['setpriv', `--reuid=${USER}`, `--regid=${USER}`, '--clear-groups', 'env', '-i'],
      ...['HOME=/mnt/home', `XDG_RUNTIME_DIR=${this.inner}`, `PATH=${bin.join(':')}`],
      `LD_LIBRARY_PATH=${libraries.join(':')}`,
      ...['sh', `${programs}/usr/share/docker.io/contrib/dockerd-rootless.sh`],
    ]
  }

  /** All that it needs must lie where the user may go, and /etc must know the user and the ids that are the user's. */
  protected override preparations(programs: string) {
    return [
      'mount -t tmpfs none /mnt && chmod 755 /mnt && mkdir /mnt/daemon /mnt/programs /mnt/home && cp -a /etc /mnt/etc',
      `mount --bind '${this.folder}' /mnt/daemon && mount --bind '${programs}' /mnt/programs && mount --bind /mnt/etc /etc`,
      `echo 'hitless:x:${USER}:${USER}::/mnt/home:/bin/sh' >>/etc/passwd && echo 'hitless:x:${USER}:' >>/etc/group`,
      'echo hitless:100000:65536 | tee /etc/subuid >/etc/subgid',
      `chown ${USER}:${USER} /mnt/home /mnt/daemon /mnt/daemon/data`,
    ]
  }

  protected override traces() {
    return [...super.traces(), join(this.folder, 'data')]
  }

  /** Gives the volume what another daemon's has: nothing need be fetched or built again. */
  async seedFrom({ cache }: Dockerd) {
    await this.docker.createVolume({ Name: VOLUME, Labels: { [LABEL]: 'cache' } })
    cpSync(cache, this.cache, { recursive: true, verbatimSymlinks: true })
    execFileSync('chown', ['-R', `${USER}:${USER}`, this.cache])
  }
}
