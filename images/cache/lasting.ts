/**
 * Processes whose end is waited for, whatever interrupts the lab: what was begun would be left half done. Who starts one
 * puts its id in, and takes it out again.
 */
export const LASTING = new Set<number>()
