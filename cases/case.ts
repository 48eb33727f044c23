/** What the file of a case writes, field by field; tried out by {@link CaseFile}'s schema when it is loaded. */
export type { CaseFile, Expectation } from '../lab/model/case/case.ts'
