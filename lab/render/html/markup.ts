/** HTML that is ready to be put into a page. */
export class Html {
  constructor(readonly text: string) {}
}

type Part = Html | string | number | false | null | undefined | Part[]

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

const text = (part: Part): string => {
  if (part instanceof Html) return part.text
  if (Array.isArray(part)) return part.map(text).join('')
  return part === false || part == null ? '' : String(part).replace(/[&<>"']/g, (char) => ESCAPES[char]!)
}

/** A template for HTML: what is put in is escaped, unless it is HTML itself; `false` and nothing leave nothing. */
export const html = (strings: TemplateStringsArray, ...parts: Part[]) =>
  new Html(strings.reduce((page, string, i) => page + text(parts[i - 1]) + string))

/** Plain words, in which `backticks` mark names. */
export const marked = (words: string) =>
  html`${words.split('`').map((part, i) => (i % 2 ? html`<code>${part}</code>` : part))}`
