import { type Boot, DIES_WITH_LAB } from '../guest.ts'

/** MiB of a guest's memory. */
export const MEMORY = 384

/**
 * The kernel's command line. Nothing here changes TCP; it avoids what is expensive under emulation. The TSC matters
 * most: QEMU's is the host's and the same on all vCPUs, but a kernel under multi-threaded TCG calls it unstable and reads
 * the HPET instead, which leaves the guest each time.
 */
const KERNEL_OPTIONS = [
  // Only the early console says why an image does not unpack, or why a kernel panics before it has a driver.
  'console=ttyS0 earlyprintk=serial,ttyS0 loglevel=4 panic=-1 oops=panic',
  'tsc=reliable clocksource=tsc no_timer_check',
  // Hardening that slows each system call, allocation or copy.
  'mitigations=off init_on_alloc=0 hardened_usercopy=off randomize_kstack_offset=off rodata=off',
  'lsm= apparmor=0 audit=0 cgroup_disable=memory nowatchdog',
  // Boot time only.
  'cryptomgr.notests rcupdate.rcu_expedited=1 raid=noautodetect 8250.nr_uarts=2',
  // A small guest gets a small table of connections and half as many TIME_WAITs, which the load would exceed at once.
  'thash_entries=65536',
]

/** All that TCG can do, except what slows each entry into the kernel or gives it more code to patch at boot. */
const TCG_CPU = 'max,-smap,-smep,-umip,-la57,-pcid,-pku'

/** Descriptors of the QEMU process beside stdin, stdout and stderr. */
export const FD = { console: 3, events: 4, qmp: 5 } as const

/** The whole QEMU command: a kernel, an initramfs, two vCPUs, three serial lines; no disk, no network. */
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
    // One vCPU a socket: a kernel without ACPI reads the old multiprocessor tables (CONFIG_X86_MPPARSE), in which SeaBIOS
    // lists one CPU of each socket.
    ...['-smp', '2,sockets=2', '-m', String(MEMORY)],
    ...socket('console'),
    ...socket('events'),
    ...socket('qmp'),
    ...['-serial', 'chardev:console', '-serial', 'chardev:events', '-mon', 'chardev=qmp,mode=control'],
    ...['-kernel', kernel.image!, '-initrd', initrd, '-append', KERNEL_OPTIONS.join(' ')],
  ]
}
