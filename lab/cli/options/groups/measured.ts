import * as v from 'valibot'
import { DEFAULT_PROXY, PROXIES } from '../../../../images/proxies/proxies.ts'
import { Request } from '../../../model/request.ts'
import { either } from '../../../model/text/spelling.ts'
import { type Group, names, numbers } from '../option.ts'

const { maxaccepts } = Request.entries

/** What is measured. */
export const MEASURED = {
  title: 'What is measured:',
  options: {
    kernels: {
      flag: 'kernel',
      value: 'KERNEL',
      list: true,
      schema: v.optional(names(), []),
      help: "a series (6.1), an exact version, a path, or host: the running kernel in fresh namespaces. Lists (5.10,6.1) and globs ('6.*'); may be repeated. A path is a bzImage, a .deb, a directory of .debs, a built kernel tree, or a directory with boot and lib/modules",
      verbs: ['run', 'shell'],
    },
    cases: {
      flag: 'case',
      value: 'CASE',
      list: true,
      schema: v.optional(names(), ['*']),
      unset: 'all but variants',
      help: 'a case, a glob, or the path of your own (./my-case.ts); lists; may be repeated',
      notBesideExperiment: true,
      verbs: ['run', 'shell'],
    },
    experiments: {
      flag: 'experiment',
      value: 'NAME',
      list: true,
      schema: v.optional(names(), []),
      help: 'a question with cases, loads and proxies of its own, such as a table of the article; a glob; lists; may be repeated. Which there are: npx tsx lab/list.ts experiments',
      verbs: ['run'],
    },
    proxies: {
      flag: 'proxy',
      value: 'PROXY',
      list: true,
      schema: v.optional(names()),
      unset: `${DEFAULT_PROXY}; on Linux 4.9 and older that of the kernel's time`,
      help: `${either(PROXIES.map(({ name }) => name))}, alone, with a series (${DEFAULT_PROXY}) or with the path of a static binary (haproxy:./haproxy); beside --guest vagrant haproxy:distribution, the machine's own; lists; may be repeated`,
      verbs: ['run', 'shell'],
    },
    haproxies: {
      flag: 'haproxy',
      value: 'X',
      list: true,
      schema: v.optional(names()),
      help: 'short for --proxy haproxy:X',
      verbs: ['run', 'shell'],
    },
    maxaccepts: {
      flag: 'maxaccept',
      value: 'N',
      list: true,
      schema: numbers(maxaccepts.wrapped.item),
      unset: "the proxy's own",
      help: 'connections that the proxy accepts in one go; -1: all; lists',
      notBesideExperiment: true,
      verbs: ['run', 'shell'],
    },
  },
} as const satisfies Group
