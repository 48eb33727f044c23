import type { SourcePlant } from './plant.ts'

/** Defects of how it is found out what a kernel and a proxy carry. */
export const CAPACITY_PLANTS: SourcePlant[] = [
  {
    name: 'capacity-too-low',
    planted: 'each boot that finds out the capacity tells half of what it carried, so that `half` is a quarter',
    edits: [
      {
        file: 'lab/measure/capacity.ts',
        find: '(phases.reloads.answered * 1e6) /',
        replace: '(phases.reloads.answered * 5e5) /',
      },
    ],
    case: 'no-reload',
    args: ['--kernel', 'host', '--boots', '1', '--duration', '2'],
    caught: { verdict: ['misjudged'], by: /is [3-7]\d % of the [\d,]+ that no-reload under saturated carried/ },
  },
]
