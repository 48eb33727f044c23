import * as v from 'valibot'

/** How many: a whole number from 0 on. */
export const count = v.pipe(v.number(), v.integer(), v.minValue(0))

/** How much: any number that JSON can hold. */
export const amount = v.pipe(v.number(), v.finite())
