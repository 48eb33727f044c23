/** A count with its noun: "1 reset", "2 resets". */
export const plural = (count: number, noun: string) => `${count} ${noun}${count === 1 ? '' : 's'}`

/** A share as whole percent: "17 %". */
export const percent = (share: number) => `${Math.round(100 * share)} %`

/** A number with three significant digits. */
export const rounded = (value: number) => Number(value.toPrecision(3))

/** The sentences whose condition holds. */
export const sentences = (...all: [holds: boolean, sentence: string][]): string[] =>
  all.flatMap(([holds, sentence]) => (holds ? [sentence] : []))
