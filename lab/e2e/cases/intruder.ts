import type { CaseFile } from '../../../cases/case.ts'

// A case of a stranger's, which tries to get at the machine it runs on. It ends well only where nothing of that works.
export default {
  name: 'intruder',
  title: 'An intruder',
  idea: "It opens, writes and mounts what is the host's.",
  source: "the lab's own tests",
  control: 'negative',
  setup: [
    'fails() { if sh -c "$1"; then echo "$1: works"; exit 1; fi; }',
    'fails "ls /etc/shadow || ls /proc/1/root/etc/shadow || ls /root/.bashrc"',
    'for file in vm/overcommit_memory vm/swappiness kernel/core_pattern; do',
    '  fails "cat /proc/sys/$file > /run/was && cat /run/was > /proc/sys/$file"',
    'done',
    'fails "mount -t tmpfs none /run"; fails "mount -o remount,rw /"; fails "umount /proc"',
    'fails "mknod /run/memory c 1 1"; fails "touch /intruder"; fails "touch /sbin/intruder"',
    // Its own processes are all that there are.
    'fails "[ $(ls -d /proc/[0-9]* | wc -l) -gt 20 ]"',
  ],
  reload: false,
  expects: [{ resets: 'none', because: 'no listener is ever closed' }],
  drawbacks: [],
} satisfies CaseFile
