import type { CaseFile } from './case.ts'

/** Prints how many sockets listen on $PORT. /proc/net/tcp has listeners first. */
const COUNT =
  `awk -v port=$(printf :%04X $PORT) 'NR > 1 { if ($4 != "0A") exit; if (index($2, port)) n++ } END { print n + 0 }' ` +
  '/proc/net/tcp'

/** Before a reload that may take fewer sockets than there are. */
export const COUNT_SOCKETS = `${COUNT} >/tmp/sockets`

/** That reloads have closed sockets. */
export const FEWER_SOCKETS: CaseFile['proof'] = {
  shows: 'listening sockets that its reloads closed',
  read: ['closed $OLD $PORT', 'was=$(cat /tmp/sockets)', `now=$(${COUNT})`, 'echo $((was > now ? was - now : 0))'],
  at: 'reload',
}

/** Turns one setting of the configuration into the other, and back at the next reload. */
export const inTurn = (one: string, other: string) =>
  `if grep -q '${one}' $CFG; then sed -i 's/${one}/${other}/' $CFG; else sed -i 's/${other}/${one}/' $CFG; fi`
