import { older } from '../../lab/model/text/range.ts'
import { archived, live } from '../debian/places.ts'
import { openssl } from '../userland/openssl.ts'
import type { ProxyKind, Setting } from './proxy.ts'

/** Everything off that needs a library, or that a static program cannot do. */
const BUILD = `
    make haproxy TARGET=linux-musl CC="$MUSL_GCC" LDFLAGS=-static DEBUG_CFLAGS= \\
      USE_OPENSSL= USE_LUA= USE_PCRE= USE_PCRE2= USE_ZLIB= USE_LIBCRYPT= USE_CRYPT_H= USE_DL= USE_BACKTRACE= USE_PRCTL=`

/**
 * The same before 2.0, which knows no libraries but those that it is given: its code is older than today's compilers, which
 * make of overflows, aliases and definitions without "extern" something else than it means.
 */
const BUILD_OLD = `
    make haproxy TARGET=linux2628 CC="$MUSL_GCC" LDFLAGS=-static USE_LIBCRYPT= \\
      CFLAGS='-O2 -w -fcommon -fwrapv -fno-strict-aliasing'`

const KEEP = { haproxy: 'haproxy' }

export const haproxy: ProxyKind = {
  name: 'haproxy',
  title: 'HAProxy',
  series: {
    '1.5': archived('jessie'),
    '1.7': archived('stretch'),
    '1.8': archived('buster'),
    '2.2': live('bullseye'),
    '2.6': live('bookworm'),
    '3.0': live('trixie'),
    '3.2': live('sid'),
    '3.4': live('experimental'),
  },
  defaultSeries: '2.6',
  distribution: '/usr/sbin/haproxy',
  recipes: [
    { versions: { below: '2.0' }, build: BUILD_OLD, keep: KEEP },
    { build: BUILD, keep: KEEP },
  ],
  // 1.8 and older do not compile against OpenSSL 3.
  tls: {
    // The last of two settings counts.
    build: `${BUILD} USE_OPENSSL=1 SSL_INC="$OPENSSL/include" SSL_LIB="$OPENSSL/lib"`,
    keep: KEEP,
    parts: { OPENSSL: openssl },
    versions: { from: '2.0' },
  },
  buildHint: 'build it with LDFLAGS=-static',
  versionFlag: '-v',
  versionIn: (output) => /^HA-?Proxy version (\d+\.\d+(?:\.\d+|-dev\d+)*)/m.exec(output)?.[1],
  // tune.maxaccept, in one process with one thread: 64 up to 2.3 (cfgparse.c), 4 from 2.4 (commit 66161326f).
  defaultMaxaccept: (version) => (older(version, '2.4') ? 64 : 4),
  file: 'haproxy.cfg',
  sections: ['global', 'defaults', 'bind', 'frontend'],
  config,
  start: 'haproxy -D -f $CFG -p $PIDFILE',
  // The article's.
  reload: 'haproxy -D -f $CFG -p $PIDFILE -sf $OLD',
  serving: 'cat $PIDFILE',
}

/** What it does with a connection: lines of its frontend. The article's redirect closes after a POST. */
function answered({ version, exchange, backend }: Setting): string[] {
  if (exchange === 'banner') return [`server greets unix@${backend}`]
  if (exchange === 'keep-alive' && !older(version, '2.2'))
    return ['http-request return status 200 content-type text/plain string ok']
  return ['redirect location /']
}

function config(setting: Setting): string {
  const { version, address, port, socket, connections, maxaccept, exchange, extra } = setting
  const global = [
    // One thread: the article's HAProxy had no others. nbthread and expose-fd came with 1.8.
    ...(older(version, '1.8') ? [] : ['nbthread 1']),
    `maxconn ${connections}`,
    `stats socket ${socket} mode 600 level admin${older(version, '1.8') ? '' : ' expose-fd listeners'}`,
    `tune.maxaccept ${maxaccept}`,
    ...(extra.global ?? []),
  ]
  const bind = [`bind ${address}:${port}`, ...(extra.bind ?? [])].join(' ')
  const section = (name: string, lines: string[]) => `${name}\n${lines.map((line) => `\t${line}\n`).join('')}`
  const tcp = exchange === 'banner'
  const defaults = [
    `mode ${tcp ? 'tcp' : 'http'}`,
    'timeout connect 5s',
    'timeout client 30s',
    'timeout server 30s',
    ...(extra.defaults ?? []),
  ]
  return [
    section('global', global),
    section('defaults', defaults),
    section(tcp ? 'listen banner' : 'frontend redir', [bind, ...(extra.frontend ?? []), ...answered(setting)]),
  ].join('\n')
}
