import fdPassing from '../../../../cases/fd-passing.ts'
import { broken } from '../../case-plant.ts'
import type { Caught } from '../../finding.ts'

export default broken(fdPassing, 'machine-busy-neighbour', "another program keeps the generator's CPU busy", {
  ready: ['. /cell/env; taskset $LOAD_MASK sh -c "while :; do :; done" >/dev/null 2>&1 &'],
})

export const caught: Caught = {
  verdict: ['noisy'],
  by: /waited for a CPU [4-9]\d %|connections a second before its first reload/,
}
