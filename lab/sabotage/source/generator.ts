import type { SourcePlant } from './plant.ts'

const ENDING = 'images/guest/load/ending.h'
const ACCOUNT = 'images/guest/load/account.h'
const LOAD = 'images/guest/load/load.c'
/** What connections carry. */
const EXCHANGE = 'images/guest/load/exchange.h'
const MEASURE = 'images/guest/measure.sh'
const GENERATOR =
  'taskset "$LOAD_MASK" $at_clients $GENERATOR --port "$PORT" --address "$ADDRESS" --phases /run/load $LOAD >&3 &'

const KEPT = ['--kernel', 'host', '--users', '80', '--keep-alive', '20', '--boots', '1', '--duration', '2']

/**
 * The generator is slow to take signals, as on a machine that gives it no CPU. That is no defect: the cell waits for it,
 * and is as good as any other.
 */
export const SLOW_TO_BEGIN = {
  file: LOAD,
  find: '\tsigemptyset(&ends);\n',
  replace: '\tsleep(2);\n\tsigemptyset(&ends);\n',
}

/** Defects of the load generator, which counts what the clients saw. */
export const GENERATOR_PLANTS: SourcePlant[] = [
  {
    name: 'generator-misfiles',
    planted: 'the generator misfiles resets as connections cut short',
    edits: [{ file: ENDING, find: 'finish(c, c->sent ? AFTER : BEFORE, err);', replace: 'finish(c, SHORT, err);' }],
    case: 'none',
    caught: { verdict: ['inconclusive'], by: /the counts disagree: the generator counts 0 resets, the wire shows \d+/ },
    quick: true,
  },
  {
    name: 'generator-hides',
    planted: 'the generator takes a reset for a good answer',
    edits: [
      {
        file: ENDING,
        find: 'finish(c, c->sent ? AFTER : BEFORE, err);',
        replace: '{ c->answered = now_us(); finish(c, OK, 0); }',
      },
    ],
    case: 'none',
    caught: { verdict: ['inconclusive'], by: /the counts disagree: the generator counts 0 resets, the wire shows \d+/ },
  },
  {
    name: 'generator-fuses-nothing',
    planted: 'clients that should fuse ACK and request do not',
    edits: [{ file: 'lab/guest/files.ts', find: "load.fusedAck ? '--fused-ack' : ''", replace: "''" }],
    case: 'fused-ack',
    caught: { verdict: ['failed'], by: /not the load that was asked for: no fused ACKs/ },
  },
  {
    name: 'generator-ends-early',
    planted: 'the generator exits half a second after the first reload',
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
    planted: 'half a second after the first reload the generator stops beginning connections, and stays',
    edits: [
      {
        file: LOAD,
        find: 'for (now = now_us(); most-- > 0 && idle && !stopping',
        replace: 'for (now = now_us(); now < start + 3 * SECOND / 2 && most-- > 0 && idle && !stopping',
      },
    ],
    case: 'none',
    caught: { verdict: ['failed'], by: /the generator began no connection for .* while most of its 20 users had none/ },
  },
  {
    name: 'generator-loses-a-row',
    planted: 'the generator drops the row of one lost connection',
    edits: [
      {
        file: ACCOUNT,
        find: 'a->lost[a->lost_count++] = row;',
        replace: 'a->lost[a->lost_count] = row;\n\ta->lost_count += a->ended[ending] != 2;',
      },
    ],
    case: 'none',
    caught: { verdict: ['failed'], by: /the account does not add up: \d+ rows for \d+ connections/ },
  },
  {
    name: 'generator-elsewhere',
    planted: 'the generator talks to a server that is never reloaded',
    edits: [
      {
        file: MEASURE,
        find: GENERATOR,
        replace: `sed "s/:$PORT/:8081/; s/haproxy.sock/other.sock/" $CFG >/tmp/other.cfg
haproxy -D -f /tmp/other.cfg -p /tmp/other.pid >&2 3>&-
taskset "$LOAD_MASK" load --port 8081 --phases /run/load $LOAD >&3 &`,
      },
    ],
    case: 'none',
    caught: { verdict: ['inconclusive'], by: /nothing was lost, so this load cannot show/ },
  },
  {
    name: 'generator-not-told',
    planted: 'nobody tells the generator that the reloads begin',
    edits: [{ file: MEASURE, find: 'kill -USR1 $load\n', replace: ':\n' }],
    case: 'none',
    caught: { verdict: ['failed'], by: /the load generator has not taken note of the reloads within 10 s/ },
  },
  {
    name: 'generator-not-awaited',
    planted: 'the reloads begin before the generator, which is slow to begin, takes signals',
    edits: [SLOW_TO_BEGIN, { file: MEASURE, find: 'await_phase quiet begun\n', replace: '' }],
    case: 'none',
    caught: {
      verdict: ['failed'],
      by: /the load generator ended with status 138 before it had taken note of the reloads/,
    },
    quick: true,
  },
  {
    name: 'other-users',
    planted: 'the generator has half of the users asked for',
    edits: [{ file: 'lab/guest/files.ts', find: '`--users ${load.users}`', replace: '`--users ${load.users / 2}`' }],
    case: 'none',
    caught: { verdict: ['failed'], by: /not the load that was asked for: 10 users instead of 20/ },
  },
  {
    name: 'other-exchange',
    planted: 'the generator sends a request where it should wait for a greeting',
    edits: [{ file: 'lab/guest/files.ts', find: "exchange.kind === 'banner' ? '--banner' : ''", replace: "''" }],
    args: ['--kernel', 'host', '--users', '20', '--banner', '--boots', '1', '--duration', '1'],
    case: 'none',
    caught: { verdict: ['failed'], by: /connections of kind "request" instead of "banner"/ },
  },
  {
    name: 'generator-forgets-reuse',
    planted: 'the generator takes a reused connection that was reset for a new one',
    edits: [{ file: ENDING, find: '.answers = c->answers', replace: '.answers = 0' }],
    args: KEPT,
    case: 'none',
    caught: {
      verdict: ['failed'],
      by: /the account does not add up: a connection begun at \d+ µs and lost after 0 answers cannot have/,
    },
    quick: true,
  },
  {
    name: 'generator-hides-posts',
    planted: 'the generator counts a POST as a GET',
    edits: [
      { file: EXCHANGE, find: 'account_request(&account, c->method)', replace: 'account_request(&account, GET)' },
    ],
    args: KEPT,
    case: 'none',
    caught: { verdict: ['failed'], by: /the account does not add up: 0 of \d+ requests were POSTs, not half of them/ },
  },
  {
    name: 'generator-misfiles-posts',
    planted: 'the generator reports a POST that was reset as a GET',
    edits: [{ file: ENDING, find: '.method = c->method', replace: '.method = c->method == POST ? GET : c->method' }],
    args: KEPT,
    case: 'none',
    caught: { verdict: ['failed'], by: /the account does not add up: .* cannot have had a request of kind G/ },
  },
  {
    name: 'generator-reuses-early',
    planted: 'the generator sends the next request a tenth of the pause after an answer',
    edits: [{ file: EXCHANGE, find: 'option.pause / 2 + chance(option.pause)', replace: 'chance(option.pause) / 10' }],
    args: KEPT,
    case: 'none',
    caught: { verdict: ['failed'], by: /the account does not add up: .* cannot have asked again at/ },
  },
  {
    name: 'no-quiet-second',
    planted: 'reloads begin together with the load: the cell has no negative control of its own',
    edits: [{ file: MEASURE, find: 'sleep "$QUIET"\n', replace: ':\n' }],
    case: 'none',
    caught: { verdict: ['failed'], by: /the load ran only .* before the first reload/ },
  },
]
