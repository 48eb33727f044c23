import type { CaseFile } from './case.ts'
import fdPassing from './fd-passing.ts'

export default {
  ...fdPassing,
  name: 'master-worker',
  title: 'Master-worker mode',
  idea: 'A master process stays; at USR2 it runs anew, fetches the sockets of its old worker and hands them to a new one.',
  source: 'HAProxy 1.8, -W; what systemd runs: ExecReload=/bin/kill -USR2 $MAINPID',
  drawbacks: [
    'the proxy must support it; HAProxy 1.8 passes sockets only where a stats socket has expose-fd listeners',
    'a reload to fewer sockets closes those that are left over, with what waits in them: see the variant shards',
    'the master keeps its own environment, limits and namespaces: what changes there needs a restart',
  ],
  on: {
    haproxy: {
      needs: { from: '1.8' },
      start: 'haproxy -W -D -f $CFG -p $PIDFILE',
      // The pid file has the master; an old worker stays its child until its connections end.
      serving: 'listening $(pgrep -P $(cat $PIDFILE)) $PORT',
      reload: 'kill -USR2 $(cat $PIDFILE)',
      everyday: 'systemctl reload haproxy, whose unit runs haproxy with -W or -Ws',
      adopt: [
        { where: 'the start (with systemd -Ws for -W -D)', lines: ['haproxy -W -D -f haproxy.cfg -p haproxy.pid'] },
        { where: 'the reload', lines: ['kill -USR2 $(cat haproxy.pid)'] },
      ],
    },
  },
} satisfies CaseFile
