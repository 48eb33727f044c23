import type { Case, Proof } from '../model/case.ts'
import type { CaseFacts } from '../model/result.ts'

/** What the proofs show that the reloader itself checks: the cell fails at a reload where it is not so. */
const PROOFS: Record<Extract<Proof, string>, string> = {
  reload: 'a new process that listens, at each reload',
  'kept-listener': 'the new process has the very socket of the old one, at each reload',
}

/** What a report says of a case, beside what was measured. */
export function caseFacts(theCase: Case): CaseFacts {
  const { name, title, idea, source, control, drawbacks, price } = theCase
  const { setup, ready, before, reload, after } = theCase
  const proof = typeof theCase.proof === 'object' ? theCase.proof : undefined
  const commands = { setup, ready, before, reload: reload ? [reload] : undefined, after, proof: proof?.read }
  return {
    name,
    title,
    idea,
    source,
    control,
    drawbacks,
    proof: typeof theCase.proof === 'string' ? PROOFS[theCase.proof] : proof?.shows,
    price,
    commands: Object.fromEntries(Object.entries(commands).flatMap(([when, lines]) => (lines ? [[when, lines]] : []))),
  }
}
