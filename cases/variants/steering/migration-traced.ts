import type { CaseFile } from '../../case.ts'
import { TRACING } from '../clients/traced.ts'
import shardsMigration from './shards-migration.ts'

export default {
  ...shardsMigration,
  name: 'migration-traced',
  title: `${shardsMigration.title}, traced`,
  idea: 'A probe, with the stack, on what sends a RST: is each of them for a handshake that completes as its listener closes?',
  source: 'the lab; Documentation/trace/kprobetrace',
  needs: { features: ['migration', 'kprobes'] },
  setup: [
    ...shardsMigration.setup!,
    ...TRACING,
    'echo p:hitless/active tcp_send_active_reset >kprobe_events',
    'echo 1 >options/stacktrace',
    'echo 1 >events/hitless/active/enable',
  ],
  proof: {
    shows: 'RSTs that sockets sent of their own accord within inet_csk_complete_hashdance, by their stacks',
    // The stacks themselves go to the console.
    read: ['cd /sys/kernel/tracing', 'cat trace >&2', 'grep -c inet_csk_complete_hashdance trace || true'],
    at: 'end',
  },
} satisfies CaseFile
