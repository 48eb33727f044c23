import type { CaseFile } from '../../case.ts'
import fdPassing from '../../fd-passing.ts'

/** More than the 253 descriptors that one message of a UNIX socket holds (SCM_MAX_FD, include/net/scm.h). */
const LISTENERS = 300

/** All on the one port that the lab looks at, each on another address of the loopback. */
const BINDS = Array.from({ length: LISTENERS - 1 }, (_, i) => `bind 127.0.${1 + (i >> 8)}.${i & 255}:8080`)

export default {
  ...fdPassing,
  name: 'fd-passing-many',
  title: `Descriptor passing of ${LISTENERS} listeners`,
  idea: 'There are more listeners than descriptors fit into one message: do all of them outlive each reload?',
  source: 'the lab; SCM_MAX_FD, 253 (255 in Linux 2.6.32); HAProxy issue 1413, of 2774 sockets',
  price: { slow: true, throughput: 0.9 },
  drawbacks: [
    'a reload takes longer, as each socket is fetched and looked up',
    'HAProxy 1.8 sends 253 in a message, and its reload fails if it was built with musl (Alpine, this lab), where sendmsg() takes 252 at most',
  ],
  on: { haproxy: { ...fdPassing.on.haproxy, config: { frontend: BINDS }, adopt: undefined } },
} satisfies CaseFile
