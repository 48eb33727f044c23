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
      --without-http_scgi_module --without-http_grpc_module --without-http_memcached_module
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

function config({ port, pidfile, connections, maxaccept, extra }: Setting): string {
  const block = (name: string, lines: string[]) => [`${name} {`, ...lines.map((line) => `\t${line}`), '}']
  // nginx refuses a directive that is there twice.
  const unlessIn = (lines: string[] = [], line: string) =>
    lines.some((other) => other.split(' ')[0] === line.split(' ')[0]) ? [] : [line]
  const listen = [`listen 127.0.0.1:${port} backlog=4096`, ...(extra.listen ?? [])].join(' ')
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
    ...block('http', [
      'access_log off;',
      'keepalive_timeout 0;',
      ...(extra.http ?? []),
      // `return 302 /` would need the rewrite module, and that PCRE.
      ...block('server', [`${listen};`, 'location / { empty_gif; }']),
    ]),
    '',
  ].join('\n')
}
