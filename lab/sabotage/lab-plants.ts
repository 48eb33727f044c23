import type { LabPlant } from './in-lab.ts'

const CONNECTION = 'images/guest/load/connection.h'
const ACCOUNT = 'images/guest/load/account.h'
const LOAD = 'images/guest/load/load.c'
const WATCH = 'images/guest/rstwatch.c'
const RELOAD = 'images/guest/reload.c'
const RUN = 'images/guest/run.sh'

const RST_WATCH = 'taskset "$LOAD_MASK" rstwatch "$PORT" >&3 &'
const GENERATOR = 'taskset "$LOAD_MASK" load --port "$PORT" $LOAD >&3 &'

/** Of the generator, which counts what the clients saw. */
const generator: LabPlant[] = [
  {
    name: 'generator-misfiles',
    planted: 'the generator misfiles resets as connections cut short',
    edits: [{ file: CONNECTION, find: 'finish(c, c->sent ? AFTER : BEFORE, err);', replace: 'finish(c, SHORT, err);' }],
    case: 'none',
    caught: { verdict: ['inconclusive'], by: /the counts disagree: .* 0 against \d+/ },
    quick: true,
  },
  {
    name: 'generator-hides',
    planted: 'the generator takes a reset for a good answer',
    edits: [
      {
        file: CONNECTION,
        find: 'finish(c, c->sent ? AFTER : BEFORE, err);',
        replace: '{ c->answered = now_us(); finish(c, OK, 0); }',
      },
    ],
    case: 'none',
    caught: { verdict: ['inconclusive'], by: /the counts disagree: .* 0 against \d+/ },
  },
  {
    name: 'generator-ends-early',
    planted: 'the generator ends by itself half a second after the first reload',
    edits: [
      {
        file: LOAD,
        find: 'if (option.duration && now >= start + option.duration)',
        replace: 'if (now >= start + 3 * SECOND / 2)',
      },
    ],
    case: 'none',
    caught: { verdict: ['failed'], by: /the load generator \(process \d+\) is gone/ },
  },
  {
    name: 'generator-begins-no-more',
    planted: 'the generator begins no connection from half a second after the first reload on, and stays',
    edits: [
      {
        file: LOAD,
        find: 'for (now = now_us(); idle && !stopping',
        replace: 'for (now = now_us(); now < start + 3 * SECOND / 2 && idle && !stopping',
      },
    ],
    case: 'none',
    caught: { verdict: ['failed'], by: /the load began no connection for .*, while most of its 20 users had none/ },
  },
  {
    name: 'generator-loses-a-row',
    planted: 'the generator keeps no row of one lost connection',
    edits: [
      {
        file: ACCOUNT,
        find: 'a->lost[a->lost_count++] = row;',
        replace: 'a->lost[a->lost_count] = row;\n\ta->lost_count += a->ended[ending] != 2;',
      },
    ],
    case: 'none',
    caught: { verdict: ['failed'], by: /the account does not add up: \d+ rows of \d+ connections/ },
  },
  {
    name: 'generator-elsewhere',
    planted: 'the generator talks to a server that is never reloaded',
    edits: [
      {
        file: RUN,
        find: GENERATOR,
        replace: `sed "s/:$PORT/:8081/; s/haproxy.sock/other.sock/" $CFG >/tmp/other.cfg
haproxy -D -f /tmp/other.cfg -p /tmp/other.pid >&2 3>&-
taskset "$LOAD_MASK" load --port 8081 $LOAD >&3 &`,
      },
    ],
    case: 'none',
    caught: { verdict: ['inconclusive'], by: /nothing was lost, so this load cannot tell/ },
  },
  {
    name: 'generator-not-told',
    planted: 'nobody tells the generator that the reloads begin',
    edits: [{ file: RUN, find: 'kill -USR1 $load\n', replace: ':\n' }],
    case: 'none',
    caught: { verdict: ['failed'], by: /the load was not told that the reloads began/ },
  },
  {
    name: 'other-users',
    planted: 'the generator has half of the users that were asked for',
    edits: [{ file: 'lab/guest/files.ts', find: '`--users ${load.users}`', replace: '`--users ${load.users / 2}`' }],
    case: 'none',
    caught: { verdict: ['failed'], by: /another load than was asked for: 10 users, not 20/ },
  },
  {
    name: 'no-quiet-second',
    planted: 'reloads begin with the load: the cell has no negative control of its own',
    edits: [{ file: RUN, find: 'sleep "$QUIET"\n', replace: ':\n' }],
    case: 'none',
    caught: { verdict: ['failed'], by: /of quiet before the first reload|the load generator ended with status 138/ },
  },
]

/** Of the two counts that do not come from the generator. */
const watch: LabPlant[] = [
  {
    name: 'watch-wrong-port',
    planted: 'RSTs are watched on a wrong port',
    edits: [{ file: RUN, find: RST_WATCH, replace: RST_WATCH.replace('"$PORT"', '8081') }],
    case: 'none',
    caught: { verdict: ['inconclusive'], by: /the counts disagree: .* \d+ against 0/ },
    quick: true,
  },
  {
    name: 'watch-late',
    planted: 'RSTs are watched only when the load has begun',
    edits: [
      {
        file: RUN,
        find: RST_WATCH,
        replace: '(touch /run/watching; sleep 0.5; exec taskset "$LOAD_MASK" rstwatch "$PORT") >&3 &',
      },
    ],
    case: 'none',
    caught: { verdict: ['failed'], by: /the load began before the RSTs were watched/ },
  },
  {
    name: 'watch-misses',
    planted: 'the watch misses every third RST',
    edits: [
      {
        file: WATCH,
        find: 'if (source != port && dest != port)',
        replace: 'static int seen;\n\n\tif (++seen % 3 == 0 || (source != port && dest != port))',
      },
    ],
    case: 'none',
    caught: { verdict: ['inconclusive'], by: /the counts disagree: .*kernel's OutRsts against packets/ },
  },
  {
    name: 'watch-mislabels',
    planted: 'the watch takes RSTs of sockets for replies, and replies for those of sockets',
    edits: [
      {
        file: WATCH,
        find: "!(flags & 0x10) ? 'R' : seq == 0 ? 'Q' : 'A'",
        replace: "!(flags & 0x10) ? 'A' : seq == 0 ? 'Q' : 'R'",
      },
    ],
    case: 'none',
    caught: { verdict: ['inconclusive'], by: /EstabResets/ },
  },
  {
    name: 'watch-clock-jumps',
    planted: 'the clock by which RSTs are stamped jumps by a second',
    edits: [
      { file: WATCH, find: 'tv.tv_usec - offset;', replace: 'tv.tv_usec - offset + (row_count > 9 ? 1000000 : 0);' },
    ],
    case: 'none',
    caught: { verdict: ['inconclusive'], by: /that the generator has as reset drew no RST on the wire/ },
  },
  {
    name: 'counters-before-the-drain',
    planted: "the kernel's counters are read before the last connections have ended",
    edits: [
      { file: RUN, find: 'tell draining\n', replace: 'tell draining\nkill $watch\nwait $watch || fail early\n' },
      { file: RUN, find: 'kill $watch\nwait $watch || fail "rstwatch', replace: 'true || fail "rstwatch' },
    ],
    case: 'none',
    caught: { verdict: ['failed'], by: /counters were read before the last connection ended/ },
  },
  {
    name: 'counters-half-way',
    planted: "the kernel's counters are read half-way, and told at the end",
    edits: [
      { file: WATCH, find: '\twhile (!stop)\n', replace: '\tsleep(2);\n\tread_counters(&after);\n\twhile (!stop)\n' },
      { file: WATCH, find: '\tif (read_counters(&after))\n', replace: '\tif (0)\n' },
    ],
    case: 'none',
    caught: { verdict: ['inconclusive'], by: /the counts disagree: .*kernel's OutRsts against packets/ },
  },
  {
    name: 'counters-wrap',
    planted: "the kernel's counters wrap at 32",
    edits: [
      {
        file: 'images/guest/counters.h',
        find: 'c->value = strtoull(v, NULL, 10);',
        replace: 'c->value = strtoull(v, NULL, 10) % 32;',
      },
    ],
    case: 'none',
    caught: { verdict: ['inconclusive'], by: /the counts disagree: .*kernel's OutRsts against packets/ },
  },
]

/** Of the reloader. */
const reloader: LabPlant[] = [
  {
    name: 'two-reloads-as-one',
    planted: 'the reloader tells of every second reload only',
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
    planted: 'the reloader says of each reload that it began 60 ms later',
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
    caught: { verdict: ['failed'], by: /the load met reloads for .*, and 4.00 s were asked for/ },
  },
]

/** Of when the reloads are made. */
const schedule: LabPlant[] = [
  {
    name: 'no-pause',
    planted: 'the reloader makes no pause between reloads',
    edits: [{ file: RELOAD, find: 'usleep(pause_ms * 1000);', replace: 'usleep(0);' }],
    case: 'none',
    caught: { verdict: ['failed'], by: /another load than was asked for: a pause of .* ms before reload 1, not 100/ },
  },
  {
    name: 'other-duration',
    planted: 'reloads are made for half of the time that was asked for',
    edits: [
      {
        file: 'lab/guest/files.ts',
        find: 'SECONDS_OF_RELOADS: load.duration',
        replace: 'SECONDS_OF_RELOADS: load.duration / 2',
      },
    ],
    case: 'none',
    caught: { verdict: ['failed'], by: /another load than was asked for: reloads for 1 s, not 2/ },
  },
]

/** Of where a cell runs, and what it tells of that. */
const guest: LabPlant[] = [
  {
    name: 'proxy-not-pinned',
    planted: 'the proxy may use both CPUs',
    edits: [{ file: RUN, find: 'taskset "$PROXY_MASK" sh -e /cell/start', replace: 'sh -e /cell/start' }],
    case: 'none',
    caught: { verdict: ['inconclusive'], by: /proxy and generator are not pinned apart: the proxy to CPU 0-/ },
  },
  {
    name: 'one-cpu-for-both',
    planted: "the generator gets the proxy's CPU",
    edits: [
      { file: 'lab/guest/files.ts', find: 'LOAD_MASK: mask(cpus.generator)', replace: 'LOAD_MASK: mask(cpus.proxy)' },
    ],
    case: 'none',
    caught: { verdict: ['inconclusive'], by: /proxy and generator are not pinned apart/ },
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
    caught: { verdict: ['inconclusive'], by: /the vCPU threads are not pinned/ },
  },
  {
    name: 'two-guests-on-one-pair',
    planted: 'two guests at a time get the same two CPUs',
    edits: [
      {
        file: 'lab/engine/local/cpus.ts',
        find: 'return await use(this.pairs[i]!)',
        replace: 'return await use(this.pairs[0]!)',
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
    caught: { verdict: ['noisy'], by: /its CPUs were taken by others/ },
  },
  {
    name: 'service-not-asked',
    planted: 'nobody asks the service when all is over',
    edits: [{ file: RUN, find: 'taskset "$LOAD_MASK" serves "$PORT" >&3', replace: 'true' }],
    case: 'none',
    caught: { verdict: ['inconclusive'], by: /the guest did not say whether the service answered/ },
  },
  {
    name: 'event-lost',
    planted: 'one line of the event stream is lost on its way',
    edits: [{ file: 'images/guest/init.c', find: '\tlines++;\n', replace: '\tif (++lines == 9)\n\t\treturn;\n' }],
    case: 'none',
    caught: { verdict: ['failed'], by: /event 9 is missing: event 10 came instead/ },
  },
  {
    name: 'control-passes-descriptors',
    planted: 'the positive control loses nothing, and a mitigation is held against it',
    edits: [
      {
        file: 'cases/none.ts',
        find: 'haproxy: {},',
        replace: "haproxy: { reload: 'haproxy -D -f $CFG -p $PIDFILE -x $SOCK -sf $OLD' },",
      },
    ],
    case: 'fd-passing',
    caught: { verdict: ['inconclusive'], by: /the positive control "none" lost nothing/ },
  },
]

export const LAB_PLANTS: LabPlant[] = [...generator, ...watch, ...reloader, ...schedule, ...guest]
