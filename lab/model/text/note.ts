/** Takes one line for the person who waits, as stderr shows it. */
export type Note = (line: string) => void

/** The same, where several have the same to say. */
export function eachOnce(note: Note): Note {
  const said = new Set<string>()
  return (line) => {
    if (!said.has(line)) note(line)
    said.add(line)
  }
}
