import type { Load } from '../../model/case/load.ts'
import type { Measured } from '../../model/result/measured.ts'
import { plural } from '../words.ts'

/**
 * Whether more connections met no listener than were refused. The server closes first, so its port pairs stay in TIME_WAIT,
 * and connect() soon takes the same ports again: it tries one parity first (4.2 and later), half of the 55,000. A SYN that
 * meets one of them asks for a listener; where there is none, it gets the ACK of the old connection, which the client
 * answers with a RST of its own, and sends its SYN again. That is no refusal, and no doubt that the cell lost connections.
 * Clients that close with a RST send one for each connection, and leave no TIME_WAIT; a RST of a client's own, or of one
 * that comes when no reload is under way, is none of these.
 *
 * @returns a sentence without its full stop; null where `refused` is all of them
 */
export const understated = (
  { refused, wire }: Pick<Measured, 'refused' | 'wire'>,
  { closeWithRst }: Pick<Load, 'closeWithRst'>,
): string | null =>
  refused > 0 && sentAgain(wire) > 0 && !closeWithRst
    ? `refused is a lower bound: ${plural(sentAgain(wire), 'SYN')} met the TIME_WAIT of their port while nobody ` +
      `listened, and ${sentAgain(wire) === 1 ? 'was' : 'were'} sent again`
    : null

/** How many SYNs that were, or at most that many where no stream tells when clients sent their RSTs. */
export const sentAgain = ({ sentAgain, fromClient }: Measured['wire']): number => sentAgain ?? fromClient
