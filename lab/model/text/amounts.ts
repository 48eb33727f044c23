// Made when they are needed, since that takes a while.
let integers: Intl.NumberFormat | undefined
let conjunctions: Intl.ListFormat | undefined

/** 174233 → "174,233" */
export function whole(value: number): string {
  integers ??= new Intl.NumberFormat('en', { maximumFractionDigits: 0 })
  return integers.format(value)
}

/** "1 reset", "2 resets" */
export const counted = (count: number, noun: string) => `${whole(count)} ${noun}${count === 1 ? '' : 's'}`

/** "a, b and c": British, without a comma before "and". */
export function list(items: string[]): string {
  conjunctions ??= new Intl.ListFormat('en-GB', { type: 'conjunction' })
  return conjunctions.format(items)
}
