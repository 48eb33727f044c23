import { register } from 'node:module'

// Imported before a test file, whose `uvu` then is the one beside this file.
register('./resolve.ts', import.meta.url)
