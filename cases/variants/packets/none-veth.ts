import type { CaseFile } from '../../case.ts'
import none from '../../none.ts'

export default {
  ...none,
  name: 'none-veth',
  title: 'No mitigation, over veth',
  idea: 'As without a mitigation, with the clients in a network namespace of their own behind a veth pair.',
  source: 'the lab: the positive control of the cases on veth',
  network: 'veth',
  on: {
    haproxy: { expects: none.on.haproxy.expects },
    nginx: { reload: none.on.nginx.reload, expects: none.on.nginx.expects },
  },
} satisfies CaseFile
