import { type Boot, DIES_WITH_LAB } from '../guest.ts'

/** MiB of a guest's memory. */
export const MEMORY = 384

/**
 * What the kernel is told. None of it touches TCP; it is what emulation makes dear. The TSC first: QEMU's is the
 * host's and the same on all vCPUs, but a kernel under multi-threaded TCG calls it unstable and reads the HPET
 * instead, an exit each time.
 */
const KERNEL_OPTIONS = [
  // The early console is the only one that says why an image does not unpack, or panics before it has a driver.
  'console=ttyS0 earlyprintk=serial,ttyS0 loglevel=4 panic=-1 oops=panic',
  'tsc=reliable clocksource=tsc no_timer_check',
  // Hardening that costs on each system call, allocation or copy.
  'mitigations=off init_on_alloc=0 hardened_usercopy=off randomize_kstack_offset=off rodata=off',
  'lsm= apparmor=0 audit=0 cgroup_disable=memory nowatchdog',
  // Boot time only.
  'cryptomgr.notests rcupdate.rcu_expedited=1 raid=noautodetect 8250.nr_uarts=2',
  // A small guest gets a small table of connections, and half as many TIME_WAITs, which its load overruns at once.
  'thash_entries=65536',
]

/** What TCG can do, less what costs on each entry into the kernel, or makes alternatives to patch at boot. */
const TCG_CPU = 'max,-smap,-smep,-umip,-la57,-pcid,-pku'

/** Descriptors of the QEMU process, beside its own stdin, stdout and stderr. */
export const FD = { console: 3, events: 4, qmp: 5 } as const

/** The whole QEMU command: direct boot, an initramfs and nothing else: no disk, no network. */
export function qemuCommand({ accel, kernel }: Boot, initrd: string): string[] {
  const socket = (id: keyof typeof FD) => ['-chardev', `socket,id=${id},fd=${FD[id]}`]
  return [
    ...DIES_WITH_LAB,
    'qemu-system-x86_64',
    ...['-nodefaults', '-no-user-config', '-no-reboot', '-display', 'none'],
    ...['-sandbox', 'on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny'],
    ...['-machine', 'pc,usb=off,vmport=off,i8042=off'],
    ...['-accel', accel === 'kvm' ? 'kvm' : 'tcg,thread=multi'],
    ...['-cpu', accel === 'kvm' ? 'host' : TCG_CPU],
    // A socket each: a kernel without ACPI reads the old tables of multiprocessors (CONFIG_X86_MPPARSE), and those of
    // SeaBIOS list one CPU of a socket.
    ...['-smp', '2,sockets=2', '-m', String(MEMORY)],
    ...socket('console'),
    ...socket('events'),
    ...socket('qmp'),
    ...['-serial', 'chardev:console', '-serial', 'chardev:events', '-mon', 'chardev=qmp,mode=control'],
    ...['-kernel', kernel.image!, '-initrd', initrd, '-append', KERNEL_OPTIONS.join(' ')],
  ]
}
