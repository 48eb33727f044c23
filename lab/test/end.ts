/** What a worker is sent in place of a path when there are no files left. */
export const END = ''
