import type Docker from 'dockerode'
import { MEMORY } from '../../guest/qemu/command.ts'
import { LABEL } from './owner.ts'

/** The volume with all that was fetched or built. */
export const VOLUME = 'hitless-cache'

/** What one container may do beyond nothing. */
export interface Rights {
  network: 'none' | 'default' | 'host'
  /** The CPUs that it may use, as a list; null: all. */
  cpus: string | null
  /** Bytes of memory; null: any. */
  memory: number | null
  kvm: boolean
  /** Files and folders of the user's, which it may read at the same paths. */
  files: string[]
  /** The folder of this machine where labs agree who has which CPUs, where it runs guests whose CPUs nobody chose. */
  locks?: string | null
  /** Whether it may write into its own root file system, out of which an image is made then. */
  writable?: boolean
}

const MIB = 2 ** 20

/** That folder, in a container. */
export const LOCKS = '/cpus'

/** What a boot may use: its guest, the code that TCG makes of the guest's, the worker, and its temporary files. */
export const BOOT_MEMORY = (MEMORY + 1152) * MIB

/**
 * What a container is given, and nothing else; lab/engine/README.md says what each right is for. There is no way up: no
 * capability, no program that gains any, nothing writable but the cache, a temporary folder and the log.
 */
export const hostConfig = ({
  network,
  cpus,
  memory,
  kvm,
  files,
  locks = null,
  writable = false,
}: Rights): Docker.HostConfig => ({
  NetworkMode: network,
  CapDrop: ['ALL'],
  // Without it, not even root reads files of the user's that are for the user alone.
  CapAdd: files.length ? ['DAC_OVERRIDE'] : [],
  SecurityOpt: ['no-new-privileges'],
  ReadonlyRootfs: !writable,
  Tmpfs: { '/tmp': 'rw,nosuid,nodev,size=256m' },
  // make -j, or QEMU and its threads.
  PidsLimit: 1024,
  ...(memory !== null && { Memory: memory, MemorySwap: memory }),
  ...(cpus !== null && { CpusetCpus: cpus }),
  Devices: kvm ? [{ PathOnHost: '/dev/kvm', PathInContainer: '/dev/kvm', CgroupPermissions: 'rw' }] : [],
  Mounts: [
    {
      Type: 'volume',
      Source: VOLUME,
      Target: '/cache',
      VolumeOptions: { Labels: { [LABEL]: 'cache' }, NoCopy: false, DriverConfig: { Name: 'local', Options: {} } },
    },
    ...files.map((file) => ({ Type: 'bind' as const, Source: file, Target: file, ReadOnly: true })),
    ...(locks === null ? [] : [{ Type: 'bind' as const, Source: locks, Target: LOCKS }]),
  ],
  // The lab reads what its worker says from there: whole, whatever the daemon does with the logs of others.
  LogConfig: { Type: 'json-file', Config: { 'max-size': '1g', 'max-file': '1', compress: 'false' } },
})
