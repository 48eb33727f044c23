import { HOME, inFolder, runLab } from './checkout.ts'
import { plantedCases, runCases, together } from './in-cases.ts'
import { labPlants, runSabotaged } from './in-lab.ts'
import { spoil, streamPlants } from './in-streams.ts'
import type { Finding } from './plant.ts'

/** Cases of the lab that must be green beside the broken ones, by kernel; those that these are broken copies of. */
const HEALTHY: Record<string, string[]> = {
  host: ['none', 'ack-block', 'ebpf', 'fd-passing', 'no-reload'],
  '6.1': ['none', 'syn-delay'],
}
