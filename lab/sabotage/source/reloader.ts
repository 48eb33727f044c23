import type { SourcePlant } from './plant.ts'

const RELOAD = 'images/guest/reload/reload.c'

/** Defects of the reloader, and of when reloads are made. */
export const RELOADER_PLANTS: SourcePlant[] = [
  {
    name: 'two-reloads-as-one',
    planted: 'the reloader reports only every second reload',
    edits: [
      {
        file: RELOAD,
        find: '\tevent_begin("reload");\n',
        replace: '\tif (number % 2)\n\t\treturn;\n\tevent_begin("reload");\n',
      },
    ],
    case: 'none',
    caught: { verdict: ['failed'], by: /reload 1 is missing: reload 2 came instead/ },
  },
  {
    name: 'reload-told-late',
    planted: 'the reloader reports the start of each reload 60 ms late',
    edits: [
      {
        file: RELOAD,
        find: 'number, (unsigned long long)start,',
        replace: 'number, (unsigned long long)start + 60000,',
      },
    ],
    case: 'none',
    caught: { verdict: ['inconclusive'], by: /before the first reload|came in the pause/ },
  },
  {
    name: 'reloader-ends-early',
    planted: 'the reloader ends after half of its time',
    edits: [{ file: RELOAD, find: 'end = now_us() + seconds * 1e6;', replace: 'end = now_us() + seconds * 5e5;' }],
    case: 'none',
    args: ['--kernel', 'host', '--users', '20', '--boots', '1', '--duration', '4'],
    caught: { verdict: ['failed'], by: /reloads were made under load for .*, not for the 4.00 s asked for/ },
  },
  {
    name: 'no-pause',
    planted: 'the reloader makes no pause between reloads',
    edits: [{ file: RELOAD, find: 'usleep(option.pause_ms * 1000);', replace: 'usleep(0);' }],
    case: 'none',
    caught: {
      verdict: ['failed'],
      by: /not the load that was asked for: a pause of .* ms before reload 1 instead of 100/,
    },
  },
  {
    name: 'half-a-pause-prepared',
    planted: 'the reloader makes half a pause between what prepares a reload and the reload',
    edits: [
      {
        file: RELOAD,
        find: 'prepared = now_us();\n\t\tpause_reloads();',
        replace: 'prepared = now_us();\n\t\tusleep(option.pause_ms * 500);',
      },
    ],
    case: 'shards',
    caught: {
      verdict: ['failed'],
      by: /not the load that was asked for: a pause of .* ms before reload 0 instead of 100/,
    },
  },
  {
    name: 'no-warm-up',
    planted: 'no reload comes before the load',
    edits: [
      {
        file: 'images/guest/measure.sh',
        find: 'if [ -f /cell/reload ]; then\n\ttaskset "$PROXY_MASK" reload --port "$PORT" --pidfile $PIDFILE --seconds 0.001',
        replace: 'if false; then\n\ttaskset "$PROXY_MASK" reload --port "$PORT" --pidfile $PIDFILE --seconds 0.001',
      },
    ],
    case: 'none',
    caught: { verdict: ['failed'], by: /not the load that was asked for: no reload before the load/ },
  },
  {
    name: 'no-drain',
    planted: 'the reloader of an open loop does not wait until its accept queues are short',
    edits: [{ file: 'lab/guest/files.ts', find: 'load.drains &&', replace: 'false &&' }],
    case: 'none',
    args: ['--kernel', 'host', '--rate', '500', '--boots', '1', '--duration', '2'],
    caught: { verdict: ['failed'], by: /no wait for short accept queues after reload 0/ },
  },
  {
    name: 'drain-told-only',
    planted: 'the reloader of an open loop tells that it waited for short accept queues, and does not',
    edits: [
      {
        file: 'images/guest/reload/queues.h',
        find: 'if (all.waiting <= few)',
        replace: 'if (all.waiting <= few || true)',
      },
    ],
    // Nobody accepts while it stops and starts, so that a queue waits at the end of each reload.
    case: 'socket-activation',
    args: ['--kernel', 'host', '--rate', '2000', '--boots', '1', '--duration', '2'],
    caught: { verdict: ['failed'], by: /a wait for short accept queues that ended with \d+ connections at reload \d+/ },
  },
  {
    name: 'other-duration',
    planted: 'reloads are made for half of the time asked for',
    edits: [
      {
        file: 'lab/guest/files.ts',
        find: 'SECONDS_OF_RELOADS: load.duration',
        replace: 'SECONDS_OF_RELOADS: load.duration / 2',
      },
    ],
    case: 'none',
    caught: { verdict: ['failed'], by: /not the load that was asked for: reloads for 1 s instead of 2/ },
  },
]
