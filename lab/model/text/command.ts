/** Arguments as they are typed into a shell. */
export const shell = (argv: string[]) =>
  argv.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(' ')

/**
 * The command that starts the run again, in a folder of its own: without --out, whose folder is taken by now.
 *
 * @param argv the verb's file and its options, as in `lab/run.ts --kernel 6.1`
 */
export const again = (argv: string[]) =>
  `npx tsx ${shell(argv.filter((word, i) => !/^--out(=|$)/.test(word) && argv[i - 1] !== '--out'))}`
