import { HOME, inFolder, runLab } from './checkout.ts'
import type { Finding } from './finding.ts'
import { groupedByRun, plantedCases, runCases } from './in-cases.ts'
import { judgeEdited, SAVED_PLANTS } from './in-saved.ts'
import { runSabotaged, SOURCE_PLANTS } from './in-source.ts'
import { spoil } from './in-streams.ts'
import { renderList, type Twin, twinsOf } from './list.ts'
import { STREAM_PLANTS } from './streams/plants.ts'

/** The healthy twins of the broken cases, which must be green beside them; by kernel. */
const HEALTHY: Record<string, string[]> = {
  host: ['none', 'ack-block', 'ebpf', 'fd-passing', 'no-reload'],
  '6.1': ['none', 'syn-delay'],
}
/** SYN block makes clients wait for a second, so it needs rarer reloads to expose any connection. */
const SYN_BLOCK = {
  args: ['--kernel', 'host', '--users', '20', '--boots', '1', '--duration', '12', '--interval', '1200'],
  healthy: ['none', 'syn-block'],
}

/**
 * Plants each defect, runs the lab, and lists what caught it; healthy cells run beside them. Takes about ten minutes on
 * the host's kernel, and boots a guest where that kernel lacks something.
 *
 * @returns Markdown
 */
export async function sabotage(signal: AbortSignal): Promise<string> {
  const findings: Finding[] = []
  const twins: Twin[] = []
  const add = (more: Finding[]) => {
    for (const { name, caught, pending } of more)
      process.stderr.write(`${name}: ${caught?.verdict ?? (pending ? 'not yet' : 'not caught')}\n`)
    findings.push(...more)
  }
  for (const group of groupedByRun(await plantedCases())) {
    const ordinary = group.plants.every(({ args, default: { control } }) => !args && control !== 'positive')
    const healthy = ordinary ? HEALTHY[group.plants[0]!.kernel ?? 'host']! : []
    await runCases(group, healthy, signal, async (ran, inCases) => {
      add(inCases)
      twins.push(...twinsOf(ran.result, healthy))
      if (!healthy.includes('no-reload')) return
      add(STREAM_PLANTS.map((plant) => spoil(plant, ran.out)))
      for (const plant of SAVED_PLANTS) add([await judgeEdited(plant, ran)])
    })
  }
  await inFolder(async (folder) => {
    const { args, healthy } = SYN_BLOCK
    const { result } = await runLab(HOME, [...args, '--case', healthy.join(',')], `${folder}/run`, signal)
    twins.push(...twinsOf(result, healthy.slice(1)))
  })
  for (const plant of SOURCE_PLANTS) add([await runSabotaged(plant, signal)])
  return renderList(findings, twins)
}
