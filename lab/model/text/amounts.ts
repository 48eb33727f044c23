const WHOLE = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })
/** British, for it sets no comma before "and". */
const LIST = new Intl.ListFormat('en-GB', { type: 'conjunction' })

/** 174233 → "174,233" */
export const whole = (value: number) => WHOLE.format(value)

/** "1 reset", "2 resets" */
export const counted = (count: number, noun: string) => `${whole(count)} ${noun}${count === 1 ? '' : 's'}`

/** "a, b and c" */
export const list = (items: string[]) => LIST.format(items)
