import picomatch from 'picomatch'

/** Edits (a letter more, less, other, or two swapped) that turn one word into another. */
function edits(a: string, b: string): number {
  let [last, row] = [[] as number[], Array.from({ length: b.length + 1 }, (_, j) => j)]
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + same)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        next[j] = Math.min(next[j]!, last[j - 2]! + 1)
    }
    ;[last, row] = [row, next]
  }
  return row[b.length]!
}

/** The words that someone may have meant who typed another: those that begin so or hold it, else those a slip or two away. */
export function nearest(typed: string, words: readonly string[]): string[] {
  const word = typed.toLowerCase()
  const begun = word === '' ? [] : words.filter((other) => other !== word && other.startsWith(word))
  const holding = word.length < 3 ? [] : words.filter((other) => other !== word && other.includes(word))
  if (begun.length || holding.length) return (begun.length ? begun : holding).slice(0, 3)
  const far = words.map((other) => ({ other, away: edits(word, other.toLowerCase()) }))
  const least = Math.min(...far.map(({ away }) => away))
  const within = word.length < 3 ? 0 : word.length < 6 ? 1 : word.length < 10 ? 2 : 3
  return least > within ? [] : far.filter(({ away }) => away === least).map(({ other }) => other)
}

/** British English, which puts no comma before the last word. Made when it is needed, since that takes a while. */
let alternatives: Intl.ListFormat | undefined

/** "a, b or c" */
export function either(words: readonly string[]): string {
  alternatives ??= new Intl.ListFormat('en-GB', { type: 'disjunction' })
  return alternatives.format(words)
}

/** " (did you mean a or b?)", or nothing when no word is near. */
export function meant(typed: string, words: readonly string[], spelt = (word: string) => word): string {
  const near = nearest(typed, words)
  return near.length ? ` (did you mean ${either(near.map(spelt))}?)` : ''
}

/**
 * Makes the test whether a name matches a pattern: `*` is any text without a slash, `?` any letter, everything else is
 * itself, brackets and braces, too, which names may hold.
 */
export function globTest(pattern: string): (name: string) => boolean {
  // picomatch takes no empty pattern, which no name matches.
  if (pattern === '') return () => false
  const test = picomatch(pattern.replace(/[^\p{L}\p{N}_*?]/gu, '\\$&'), { dot: true })
  return (name) => test(name)
}
