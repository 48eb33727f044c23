/** Takes one line for the person who waits, as stderr shows it. */
export type Note = (line: string) => void
