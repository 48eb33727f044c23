import * as v from 'valibot'
import { BenchBoot } from '../boots/boot.ts'
import { SideHost } from '../boots/host.ts'
import { Made } from '../record/made.ts'

/** What `npm run bench -- engines` measures: the same cells on each engine. */
export const EnginesRecord = v.object({ made: Made, hosts: v.array(SideHost), boots: v.array(BenchBoot) })
export type EnginesRecord = v.InferOutput<typeof EnginesRecord>
