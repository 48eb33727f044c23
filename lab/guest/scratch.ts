import { scratch } from '../../images/cache/cache.ts'

/** Runs `use` with an empty folder for what a guest needs on disk, removed afterwards whatever happens. */
export const inScratch = <T>(use: (folder: string) => Promise<T>): Promise<T> => scratch('guest', use)
