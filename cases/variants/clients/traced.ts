import type { CaseFile } from '../../case.ts'

/** Goes to the tracer. tracefs has a place of its own from 4.1; before, it is part of debugfs. */
export const TRACING = [
  'mount -t tracefs tracefs /sys/kernel/tracing 2>&- && cd /sys/kernel/tracing ||',
  '  { mount -t debugfs debugfs /sys/kernel/debug 2>&- ; cd /sys/kernel/debug/tracing; }',
]

/** What a probe has hit, on the console; events of the tracepoint by their reason, which it has from Linux 6.10 on. */
const SAID = [
  'cd /sys/kernel/tracing && [ -f kprobe_profile ] || cd /sys/kernel/debug/tracing',
  'cat kprobe_profile >&2',
  "grep -o 'reason=[A-Z_]*' trace | sort | uniq -c >&2 || true",
]

export default {
  name: 'traced',
  title: 'No mitigation, traced',
  idea: 'As without a mitigation, with a probe on each function that sends a RST: do counters, packets and functions agree?',
  source: 'the lab; Documentation/trace/kprobetrace',
  control: 'positive',
  needs: { features: ['kprobes'] },
  setup: [
    ...TRACING,
    'echo p:hitless/active tcp_send_active_reset >kprobe_events',
    'echo p:hitless/reply tcp_v4_send_reset >>kprobe_events',
    'echo 1 >events/hitless/enable',
    '[ ! -f events/tcp/tcp_send_reset/enable ] || echo 1 >events/tcp/tcp_send_reset/enable',
  ],
  proof: {
    shows: 'RSTs that sockets sent of their own accord, by a probe on tcp_send_active_reset',
    read: [...SAID, `awk '$1 == "active" { print $2 }' kprobe_profile`],
    at: 'end',
  },
  expects: [{ resets: 'some', because: 'it is the case "none"' }],
  drawbacks: ['a probe costs time on each RST'],
  on: { haproxy: {} },
} satisfies CaseFile
