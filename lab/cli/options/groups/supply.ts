import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import * as v from 'valibot'
import { type Group, present } from '../option.ts'

/** A URI without its last slashes, so that paths can be appended. */
const uri = v.pipe(
  v.string(),
  v.url('a URI that begins with http:, https: or file:'),
  v.regex(/^(https?|file):/, 'a URI that begins with http:, https: or file:'),
  v.transform((text) => text.replace(/\/+$/, '')),
)

const armoured = (file: string) => readFileSync(file, 'latin1').startsWith('-----BEGIN')

const keyring = v.pipe(
  v.string(),
  v.nonEmpty('a file with public keys'),
  v.transform((file) => resolve(file)),
  v.check(
    (file) => existsSync(file),
    ({ input }) => `expected a file with public keys, and there is no ${input}`,
  ),
  v.check(
    (file) => !existsSync(file) || !armoured(file),
    ({ input }) => `expected keys as gpgv reads them, not in ASCII armour: gpg --dearmor ${input}`,
  ),
)

/** Where things are fetched from; each may also be set in the environment. */
export const SUPPLY = {
  title:
    'Where kernels and packages come from. Each may also be set in the environment (HITLESS_ARCHIVE for --archive):',
  options: {
    mirror: {
      flag: 'mirror',
      value: 'URI',
      schema: v.optional(uri),
      help: 'a Debian mirror instead of the one that apt names here',
      verbs: ['run', 'shell', 'list'],
      environment: true,
    },
    archive: {
      flag: 'archive',
      value: 'URI',
      schema: v.optional(uri),
      help: 'what to use instead of http://archive.debian.org, which holds releases that have left the mirrors',
      verbs: ['run', 'shell', 'list'],
      environment: true,
    },
    snapshot: {
      flag: 'snapshot',
      value: 'URI',
      schema: v.optional(uri),
      help: 'what to use instead of http://snapshot.debian.org, which holds every package',
      verbs: ['run', 'shell', 'list'],
      environment: true,
    },
    keyring: {
      flag: 'keyring',
      value: 'FILE',
      schema: v.optional(keyring),
      help: "keys to trust beside Debian's own",
      verbs: ['run', 'shell', 'list'],
      environment: true,
    },
    offline: {
      flag: 'offline',
      schema: present,
      help: 'never use the network, only what is in the cache',
      verbs: ['run', 'shell', 'list'],
      environment: true,
    },
  },
} as const satisfies Group
