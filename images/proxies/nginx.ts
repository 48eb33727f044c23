import { live } from '../debian/places.ts'
import type { ProxyKind, Setting } from './proxy.ts'

/**
 * Without what needs a library. crypt.h, which Debian's musl lacks, is included whether it is used or not. /run is there
 * in every guest, and nginx makes folders below its prefix.
 */
const BUILD = `
    mkdir none && touch none/crypt.h
    ./configure --with-cc="$MUSL_GCC" --with-cc-opt=-Inone --with-ld-opt=-static --prefix=/run --error-log-path=stderr \\
      --without-http_rewrite_module --without-http_auth_basic_module --without-http_gzip_module --without-http_upstream_zone_module \\
      --without-http_proxy_module --without-http_fastcgi_module --without-http_uwsgi_module \\
      --without-http_scgi_module --without-http_grpc_module --without-http_memcached_module \\
      --with-stream
    make`

export const nginx: ProxyKind = {
  name: 'nginx',
  title: 'nginx',
  series: { '1.18': live('bullseye'), '1.22': live('bookworm'), '1.26': live('trixie'), '1.30': live('sid') },
  defaultSeries: '1.22',
  recipes: [{ build: BUILD, keep: { 'objs/nginx': 'nginx' } }],
  buildHint: 'build it with ./configure --with-ld-opt=-static',
  versionFlag: '-v',
  versionIn: (output) => /^nginx version: nginx\/(\d+(?:\.\d+)+)/m.exec(output)?.[1],
  // multi_accept is off.
  defaultMaxaccept: () => 1,
  refusesMaxaccept: (maxaccept) =>
    maxaccept === 1 || maxaccept === -1 ? null : 'one connection in one go (1) or all that wait (-1): multi_accept',
  file: 'nginx.conf',
  sections: ['main', 'events', 'http', 'listen'],
  config,
  // By its path: for an upgrade nginx starts the very words that it was started with.
  start: '/sbin/nginx -c $CFG',
  reload: 'kill -HUP $(cat $PIDFILE)',
  // A worker that is told to quit says so in its title, then closes its listeners. One that has just been forked has the
  // title of its master; the old ones are told to quit when all new ones have been forked.
  serving: "pgrep -P $(cat $PIDFILE) -f '^nginx: (master|worker process *$)'",
}

function config({ address, port, pidfile, connections, maxaccept, exchange, backend, extra }: Setting): string {
  const block = (name: string, lines: string[]) => [`${name} {`, ...lines.map((line) => `\t${line}`), '}']
  // nginx refuses a directive that is there twice.
  const unlessIn = (lines: string[] = [], line: string) =>
    lines.some((other) => other.split(' ')[0] === line.split(' ')[0]) ? [] : [line]
  // The kernel bounds it by net.core.somaxconn.
  const listen = [`listen ${address}:${port} backlog=65535`, ...(extra.listen ?? [])].join(' ')
  // `return 302 /` would need the rewrite module, and that PCRE. A GIF has no POST: the error page makes it a GET.
  const location = exchange === 'keep-alive' ? 'error_page 405 =200 /; empty_gif;' : 'empty_gif;'
  const http = [
    'access_log off;',
    // Kept as long as is its default: 75 s, and 1000 requests (100 before 1.19.10).
    ...(exchange === 'keep-alive' ? [] : ['keepalive_timeout 0;']),
    ...(extra.http ?? []),
    ...block('server', [`${listen};`, `location / { ${location} }`]),
  ]
  return [
    'user root;',
    ...unlessIn(extra.main, 'worker_processes 1;'),
    `worker_rlimit_nofile ${connections + 100};`,
    `pid ${pidfile};`,
    'error_log stderr;',
    ...(extra.main ?? []),
    ...block('events', [
      `worker_connections ${connections};`,
      `multi_accept ${maxaccept === 1 ? 'off' : 'on'};`,
      ...(extra.events ?? []),
    ]),
    ...(exchange === 'banner'
      ? block('stream', block('server', [`${listen};`, `proxy_pass unix:${backend};`]))
      : block('http', http)),
    '',
  ].join('\n')
}
