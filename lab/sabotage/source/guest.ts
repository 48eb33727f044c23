import type { SourcePlant } from './plant.ts'

/** Defects of where a cell runs and of what it reports about that; and of the control that others are compared with. */
export const GUEST_PLANTS: SourcePlant[] = [
  {
    name: 'proxy-not-pinned',
    planted: 'the proxy may use both CPUs',
    edits: [
      { file: 'images/guest/run.sh', find: 'taskset "$PROXY_MASK" sh -e /cell/start', replace: 'sh -e /cell/start' },
    ],
    // With a reload before the load, the first proxy serves none of it.
    case: 'no-reload',
    caught: {
      verdict: ['inconclusive'],
      by: /proxy and generator are not pinned to separate CPUs: the proxy to CPU 0-/,
    },
  },
  {
    name: 'one-cpu-for-both',
    planted: "the generator gets the proxy's CPU",
    edits: [
      { file: 'lab/guest/files.ts', find: 'LOAD_MASK: mask(cpus.generator)', replace: 'LOAD_MASK: mask(cpus.proxy)' },
    ],
    case: 'none',
    caught: { verdict: ['inconclusive'], by: /proxy and generator are not pinned to separate CPUs/ },
  },
  {
    name: 'vcpu-not-pinned',
    planted: "the generator's vCPU may use any CPU of the host",
    edits: [
      {
        file: 'lab/guest/qemu/qemu.ts',
        find: 'await Promise.all([pin(tids[0]!, proxy), pin(tids[1]!, generator)])',
        replace: 'await Promise.all([pin(tids[0]!, proxy), generator])',
      },
    ],
    case: 'none',
    args: ['--kernel', '6.1', '--users', '20', '--boots', '1', '--duration', '1'],
    caught: { verdict: ['inconclusive'], by: /the vCPU threads are not each pinned/ },
  },
  {
    name: 'two-guests-on-one-pair',
    planted: 'two guests that run side by side get the same two CPUs',
    edits: [
      {
        file: 'lab/guest/cpus/pool.ts',
        find: 'const pair = this.pairs[i]!',
        replace: 'const pair = this.pairs[0]!',
      },
    ],
    case: 'none',
    args: [
      '--kernel',
      'host',
      '--users',
      '20',
      '--boots',
      '1',
      '--duration',
      '2',
      '--jobs',
      '2',
      '--case',
      'fd-passing',
    ],
    caught: { verdict: ['noisy'], by: /waited for a CPU/ },
  },
  {
    name: 'service-not-asked',
    planted: 'nobody checks at the end whether the service answers',
    edits: [
      {
        file: 'images/guest/measure.sh',
        find: 'taskset "$LOAD_MASK" $at_clients serves "$PORT" "$ADDRESS" $AB >&3',
        replace: 'true',
      },
    ],
    case: 'none',
    caught: { verdict: ['inconclusive'], by: /the guest did not report whether the service answered/ },
  },
  {
    name: 'event-lost',
    planted: 'one line of the event stream gets lost',
    edits: [{ file: 'images/guest/init/port.h', find: '\tlines++;\n', replace: '\tif (++lines == 9)\n\t\treturn;\n' }],
    case: 'none',
    caught: { verdict: ['failed'], by: /event 9 is missing: event 10 came instead/ },
  },
  {
    name: 'control-passes-descriptors',
    planted: 'a mitigation is compared with a positive control that loses nothing',
    edits: [
      {
        file: 'cases/none.ts',
        find: 'haproxy: {',
        replace: "haproxy: { reload: 'haproxy -D -f $CFG -p $PIDFILE -x $SOCK -sf $OLD',",
      },
    ],
    case: 'fd-passing',
    caught: { verdict: ['inconclusive'], by: /the positive control "none" lost nothing/ },
  },
]
