import { list } from '../../model/text/amounts.ts'

/** Plain words in which `backticks` mark the names of cases, kernels and runs. */
export type Words = string

/** A name, marked. */
export const name = (text: string): Words => `\`${text.replaceAll('`', "'")}\``

/** Marked names in a sentence. */
export const names = (texts: string[]): Words => list(texts.map(name))

export const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)
