import type { CaseFile } from '../../../cases/case.ts'
import steady from './steady.ts'

// A case that imports a file beside it.
export default { ...steady, name: 'in-two', title: "A user's own, in two files" } satisfies CaseFile
