import * as v from 'valibot'
import { EVERY_VERB, frequency, type Group, present, text } from '../option.ts'

/** What is printed and saved. */
export const OUTPUT = {
  title: 'Output:',
  options: {
    out: {
      flag: 'out',
      value: 'DIR',
      schema: v.optional(text('a directory')),
      unset: 'reports/<time>-<name>',
      help: 'where the result is saved: a folder that is new or empty',
      verbs: ['run', 'compare'],
    },
    root: {
      flag: 'root',
      value: 'DIR',
      schema: v.optional(text('a directory')),
      help: "lay the guest's root file system out in a folder that is new or empty, instead of booting it: what an initramfs would hold, and enter, which opens the shell on the machine where the folder lies. Without --kernel, for whichever runs there",
      verbs: ['shell'],
    },
    format: {
      flag: 'format',
      value: 'FORMAT',
      schema: v.optional(v.picklist(['tables', 'mail']), 'tables'),
      help: 'tables: tables and charts; mail: plain text of 72 columns for a list of developers, with versions, loads and the command',
      verbs: ['compare'],
    },
    myRate: {
      flag: 'my-rate',
      value: 'N/UNIT',
      schema: v.optional(frequency),
      help: 'how many connections your own proxy gets: 5000/s. With --my-reloads the report tells what each case would lose you a day, from the load that is nearest',
      notBesideExperiment: true,
      verbs: ['run', 'compare'],
    },
    myReloads: {
      flag: 'my-reloads',
      value: 'N/UNIT',
      schema: v.optional(frequency),
      help: 'how often you reload it: 1/min, 12/h, 3/day',
      notBesideExperiment: true,
      verbs: ['run', 'compare'],
    },
    json: {
      flag: 'json',
      schema: present,
      help: 'print the result as JSON instead of tables and charts',
      verbs: ['run', 'compare', 'list', 'verify'],
    },
    help: { flag: 'help', schema: present, help: 'print this text', verbs: EVERY_VERB },
  },
} as const satisfies Group
