/**
 * Characters that act on a terminal instead of being shown: all of C0 but tab and newline, DEL, C1; and those that change
 * the direction of the text behind them.
 */
const ACTING = /(?![\t\n])[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu

const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`

/** Text of a stranger, as a terminal may have it: what would act on it is shown as JSON writes it, "\u001b". */
export const plain = (text: string): string => text.replace(ACTING, escaped)

/** Whether JSON may hold text that acts: such text is escaped in it, or no ASCII. */
export const mayAct = (json: string): boolean => /[\\\u007f-\uffff]/.test(json)

/** A value with all of its text {@link plain}, the names of fields, too. */
export function plainly<T>(value: T): T {
  if (typeof value === 'string') return plain(value) as T
  if (Array.isArray(value)) return value.map(plainly) as T
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([name, inside]) => [plain(name), plainly(inside)])) as T
}

/** Where a value has text that acts on a terminal: the path of each field, and the character. */
export function actingIn(value: unknown, path: string[] = []): { path: string[]; character: string }[] {
  if (typeof value === 'string')
    return (value.match(ACTING) ?? []).slice(0, 1).map((found) => ({ path, character: escaped(found) }))
  if (value === null || typeof value !== 'object') return []
  return Object.entries(value).flatMap(([name, inside]) => [
    ...actingIn(name, path),
    ...actingIn(inside, [...path, plain(name)]),
  ])
}

const ESCAPE = '\u001b'

/** Colours and the like (SGR), and what moves a cursor about: what the lab itself tells a terminal. */
const OWN = new RegExp(String.raw`(${ESCAPE}\[[0-9;]*m)|(${ESCAPE}\[\??[0-9;]*[A-HJKSTfhl]|\r)`)

/**
 * What the lab prints, as the last thing before the terminal has it: nothing acts on it but the lab's own colours, and,
 * where it draws what it is doing, movements of the cursor.
 */
export const printable = (text: string, draws: boolean): string =>
  text
    .split(OWN)
    .map((part, i) => (i % 3 === 0 ? plain(part ?? '') : i % 3 === 1 || draws ? (part ?? '') : plain(part ?? '')))
    .join('')
