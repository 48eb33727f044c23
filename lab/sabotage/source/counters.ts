import type { SourcePlant } from './plant.ts'

const WATCH = 'images/guest/wire/rstwatch.c'
const TAP = 'images/guest/wire/tap.h'
const MEASURE = 'images/guest/measure.sh'
const RST_WATCH = 'taskset "$LOAD_MASK" rstwatch ${AB:+--fins} "$PORT" "$DEVICE" $clients >&3 &'

/** Defects of the two counts that do not come from the generator: RSTs on the wire, and the kernel's counters. */
export const COUNTER_PLANTS: SourcePlant[] = [
  {
    name: 'watch-wrong-port',
    planted: 'RSTs are watched on the wrong port',
    edits: [{ file: MEASURE, find: RST_WATCH, replace: RST_WATCH.replace('"$PORT"', '8081') }],
    case: 'none',
    caught: { verdict: ['inconclusive'], by: /the counts disagree: the generator counts \d+ resets, the wire shows 0/ },
    quick: true,
  },
  {
    name: 'watch-late',
    planted: 'RSTs are watched only after the load has begun',
    edits: [
      {
        file: MEASURE,
        find: RST_WATCH,
        replace:
          '(touch /run/watching; sleep 0.5; exec taskset "$LOAD_MASK" rstwatch "$PORT" "$DEVICE" $clients) >&3 &',
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
        find: 'if (!from_server && s->dest != port)',
        replace: 'static int seen;\n\n\tif (++seen % 3 == 0 || (!from_server && s->dest != port))',
      },
    ],
    case: 'none',
    caught: {
      verdict: ['inconclusive'],
      by: /the counts disagree: .*the kernel sent \d+ RSTs \(OutRsts\), the wire shows/,
    },
  },
  {
    name: 'watch-mislabels',
    planted: 'the watch confuses RSTs that a socket sends of its own accord with replies',
    edits: [
      {
        file: WATCH,
        find: "!(s->flags & TCP_ACK) ? 'R' : s->seq == 0 ? 'Q' : 'A'",
        replace: "!(s->flags & TCP_ACK) ? 'A' : s->seq == 0 ? 'Q' : 'R'",
      },
    ],
    case: 'none',
    caught: { verdict: ['inconclusive'], by: /EstabResets/ },
  },
  {
    name: 'watch-clock-jumps',
    planted: 'the clock by which RSTs are stamped jumps by a second',
    edits: [{ file: WATCH, find: '.us = s->us,', replace: '.us = s->us + (row_count > 9 ? 1000000 : 0),' }],
    case: 'none',
    caught: { verdict: ['inconclusive'], by: /no RST on the wire for \d+ resets? that the generator counted/ },
  },
  {
    name: 'counters-before-the-drain',
    planted: "the kernel's counters are read before the last connections have ended",
    edits: [
      { file: MEASURE, find: 'tell draining\n', replace: 'tell draining\nkill $watch\nwait $watch || fail early\n' },
      { file: MEASURE, find: 'kill $watch\nwait $watch || fail "rstwatch', replace: 'true || fail "rstwatch' },
    ],
    case: 'none',
    args: ['--kernel', 'host', '--users', '80', '--boots', '1', '--duration', '2'],
    caught: { verdict: ['failed'], by: /the kernel opened \d+ connections \(ActiveOpens\), but the generator began/ },
  },
  {
    name: 'counters-half-way',
    planted: "the kernel's counters are read half-way and reported at the end",
    edits: [
      { file: WATCH, find: '\t\tread_both(into,', replace: '\t\tif (!into->count)\n\t\t\tread_both(into,' },
      {
        file: WATCH,
        find: '\twhile (!stop)\n',
        replace: '\tsleep(2);\n\tread_both(&after, clients_net);\n\twhile (!stop)\n',
      },
    ],
    case: 'none',
    caught: { verdict: ['failed'], by: /the kernel opened \d+ connections \(ActiveOpens\), but the generator began/ },
  },
  {
    name: 'counters-of-one-side',
    planted: "on veth the kernel's counters are those of the server's namespace alone",
    edits: [{ file: WATCH, find: '\tadd_counters(into, &theirs);\n', replace: '' }],
    case: 'none-veth',
    caught: { verdict: ['failed'], by: /the kernel opened 0 connections \(ActiveOpens\), but the generator began/ },
  },
  {
    name: 'watch-incoming-only',
    planted: "on veth the watch sees what comes in, and none of the server's RSTs",
    edits: [{ file: TAP, find: 'strcmp(device, "lo") ? ETH_P_ALL : ETH_P_IP', replace: 'ETH_P_IP' }],
    case: 'none-veth',
    caught: { verdict: ['inconclusive'], by: /the counts disagree: the generator counts \d+ resets, the wire shows 0/ },
  },
  {
    name: 'clients-come-another-way',
    planted: 'the clients of a case on veth stay beside the proxy, and come through the loopback',
    edits: [{ file: MEASURE, find: '$at_clients $GENERATOR', replace: '$GENERATOR' }],
    case: 'none-veth',
    caught: {
      verdict: ['failed'],
      by: /veth0 received \d+ packets? while \d+ connections began: they came another way/,
    },
  },
  {
    name: 'watch-without-fins',
    planted: 'over TLS, RSTs behind the FIN of a connection that ended well are taken for losses',
    edits: [{ file: MEASURE, find: 'rstwatch ${AB:+--fins}', replace: 'rstwatch' }],
    case: 'ab-reload',
    args: ['--kernel', 'host', '--users', '10', '--boots', '1', '--duration', '2'],
    caught: {
      verdict: ['inconclusive'],
      by: /the wire shows a RST for \d+ connections? that the generator does not count as reset/,
    },
  },
  {
    name: 'closes-of-clients-untold',
    planted:
      "the RSTs by which ab closes with data unread are not told from its replies, so that its closes count as the proxy's",
    edits: [{ file: WATCH, find: "(s->flags & TCP_ACK ? 'D' : 'C')", replace: "'C'" }],
    case: 'ab-transfer',
    args: ['--kernel', 'host', '--users', '10', '--boots', '1', '--duration', '4'],
    caught: {
      verdict: ['inconclusive'],
      by: /the kernel's counters show \d+ resets? that the generator did not count/,
    },
  },
  {
    name: 'counters-wrap',
    planted: "the kernel's counters wrap at 32",
    edits: [
      {
        file: 'images/guest/proc/counters.h',
        find: 'c->value = strtoull(v, NULL, 10);',
        replace: 'c->value = strtoull(v, NULL, 10) % 32;',
      },
    ],
    case: 'none',
    args: ['--kernel', 'host', '--users', '80', '--boots', '1', '--duration', '2'],
    caught: { verdict: ['failed'], by: /the kernel opened \d+ connections \(ActiveOpens\), but the generator began/ },
  },
]
