import * as v from 'valibot'

/** A stanza of Debian's indexes: field → its value. */
export const Stanza = v.record(v.string(), v.string())
export type Stanza = v.InferOutput<typeof Stanza>

/**
 * The fields of text in the format deb822(5), with their continuation lines. A line ends with a line feed alone: `^`, `$`
 * and `.` of a pattern would take a carriage return or U+2028 for an end, and what follows for a field.
 */
export const fields = (text: string): Stanza =>
  Object.fromEntries(
    Array.from(text.matchAll(/(?<![^\n])([^\s:]+):[ \t]*([^\n]*(?:\n[ \t][^\n]*)*)/g), ([, key, value]) => [
      key,
      value,
    ]),
  )

/**
 * The stanzas of an index (Packages, Sources) whose package has this name, or one that matches. They are searched for in
 * the text, since a parser of the whole would read 50 MB.
 */
export function stanzas(index: string, name: string | RegExp): Stanza[] {
  const found: Stanza[] = []
  for (const { 1: candidate, index: start } of index.matchAll(/(?<![^\n])Package: ([^\n]+)/g)) {
    if (typeof name === 'string' ? name !== candidate : !name.test(candidate!)) continue
    const end = index.indexOf('\n\n', start)
    found.push(fields(index.slice(start, end < 0 ? undefined : end)))
  }
  return found
}

/** A binary package, from its stanza in Packages with the suite added. */
export const Binary = v.pipe(
  v.object({
    Package: v.string(),
    Version: v.string(),
    suite: v.string(),
    Filename: v.string(),
    Size: v.string(),
    SHA256: v.pipe(v.string(), v.length(64)),
    Depends: v.optional(v.string(), ''),
  }),
  v.transform(({ Package, Version, suite, Filename, Size, SHA256, Depends }) => ({
    package: Package,
    version: Version,
    suite,
    /** Path below the mirror's URI. */
    filename: Filename,
    /** Bytes. */
    size: Number(Size),
    sha256: SHA256,
    depends: Depends,
  })),
)

/** A binary package, as its suite's index describes it. */
export type BinaryPackage = v.InferOutput<typeof Binary>

/** A place that has kernel packages. */
export interface Store {
  /** The image packages that match, in any order. */
  images(matches: (image: { package: string; version: string }) => boolean): Promise<BinaryPackage[]>
  /** Another package of the same suite and version as an image; null when the suite's index does not list it. */
  sibling(name: string, image: BinaryPackage): Promise<BinaryPackage | null>
  /** Downloads a package into a directory, checks its SHA-256, and returns its path. */
  fetch(wanted: BinaryPackage, dir: string): Promise<string>
}
