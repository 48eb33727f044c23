import { HOME, inFolder, runLab } from './checkout.ts'
import { plantedCases, runCases, together } from './in-cases.ts'
import { labPlants, runSabotaged } from './in-lab.ts'
import { forge, savedPlants } from './in-saved.ts'
import { spoil, streamPlants } from './in-streams.ts'
import { renderList, type Twin, twinsOf } from './list.ts'
import type { Finding } from './plant.ts'

/** Cases that must be green beside the broken ones, which are copies of them; by kernel. */
const HEALTHY: Record<string, string[]> = {
  host: ['none', 'ack-block', 'ebpf', 'fd-passing', 'no-reload'],
  '6.1': ['none', 'syn-delay'],
}
/** Under SYN block clients wait for a second, so that only rarer reloads meet any. */
const SYN_BLOCK = {
  args: ['--kernel', 'host', '--users', '20', '--boots', '1', '--duration', '12', '--interval', '1200'],
  healthy: ['none', 'syn-block'],
}

/**
 * Plants each defect, lets the lab run, and lists what caught it; healthy cells run beside them. Takes some ten minutes
 * on the host's kernel, and boots a guest where that lacks something.
 */
export async function sabotage(signal: AbortSignal): Promise<string> {
  const findings: Finding[] = []
  const twins: Twin[] = []
  const found = (more: Finding[]) => {
    for (const { name, caught, pending } of more)
      process.stderr.write(`${name}: ${caught?.verdict ?? (pending ? 'not yet' : 'nobody noticed')}\n`)
    findings.push(...more)
  }
  for (const group of together(await plantedCases())) {
    const all = group.plants.every(({ args, default: { control } }) => !args && control !== 'positive')
    const healthy = all ? HEALTHY[group.plants[0]!.kernel ?? 'host']! : []
    await runCases(group, healthy, signal, async (ran, inCases) => {
      found(inCases)
      twins.push(...twinsOf(ran.result, healthy))
      if (!healthy.includes('no-reload')) return
      found(streamPlants.map((plant) => spoil(plant, ran.out)))
      for (const plant of savedPlants) found([await forge(plant, ran)])
    })
  }
  await inFolder(async (folder) => {
    const { args, healthy } = SYN_BLOCK
    const { result } = await runLab(HOME, [...args, '--case', healthy.join(',')], `${folder}/run`, signal)
    twins.push(...twinsOf(result, healthy.slice(1)))
  })
  for (const plant of labPlants) found([await runSabotaged(plant, signal)])
  return renderList(findings, twins)
}
