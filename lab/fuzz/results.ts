import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { Result } from '../model/result.ts'
import { readJson } from '../model/text/mistakes.ts'
import { plain } from '../model/text/plain.ts'
import { renderMarkdown } from '../render/markdown/report.ts'
import { renderTerminal } from '../render/terminal/report.ts'
import { REFERENCE } from '../saved/reference.ts'
import { target } from './target.ts'

const TEXTS = ['article-https', 'host', 'until-sure'].map((run) =>
  readFileSync(join(REFERENCE, run, 'result.json'), 'utf8'),
)

/** A way down a tree: at each step one of what is there. */
const path = fc.array(fc.nat(1000), { minLength: 1, maxLength: 7 })
const edit = fc.record({
  path,
  /** undefined: it goes. */
  to: fc.oneof(
    fc.constant(undefined),
    fc.jsonValue(),
    fc.constantFrom(-1, 0, 1e308, '', [], {}, null, 'a\u001b]52;c;eA==\u0007'),
  ),
})

interface Edit {
  path: number[]
  to: unknown
}

/** Replaces what a way leads to, or takes it away. */
function edited(tree: unknown, { path, to }: Edit) {
  let at = tree as Record<string, unknown>
  for (const [i, step] of path.entries()) {
    const keys = Object.keys(at)
    if (!keys.length) return
    const key = keys[step % keys.length]!
    const below = at[key]
    if (i === path.length - 1 || typeof below !== 'object' || below === null) {
      if (to === undefined) delete at[key]
      else at[key] = to
      return
    }
    at = below as Record<string, unknown>
  }
}

export const results = target({
  name: 'results',
  holds: "somebody's result.json is refused in words, or all of it can be shown; nothing of it acts on a terminal",
  input: fc.record({ run: fc.nat(TEXTS.length - 1), edits: fc.array(edit, { minLength: 1, maxLength: 3 }) }),
  check: ({ run, edits }) => {
    const tree = JSON.parse(TEXTS[run]!)
    for (const each of edits) edited(tree, each)
    const { output, mistakes } = readJson(Result, JSON.stringify(tree))
    const said = mistakes ? mistakes.join('\n') : `${renderTerminal(output, false)}${renderMarkdown(output)}`
    if (plain(said) !== said) throw new Error('a control character got through')
  },
})
