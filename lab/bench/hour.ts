import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { scratch } from '../../images/cache/cache.ts'
import { lengthened } from '../measure/lengthened.ts'
import { bootFolder } from '../model/cell.ts'
import { readEvents } from '../model/events.ts'
import { EXIT, Fault } from '../model/fault.ts'
import { UNSEEN } from '../model/outcome.ts'
import { counted, whole } from '../model/text/amounts.ts'
import { Aside } from '../run/aside.ts'
import { eventsOfABoot, REFERENCE } from '../saved/reference.ts'
import { readRun } from '../saved/run.ts'

/** How long the lab takes to count the events of a long boot, its memory by then, and for how long it watches no other guest. */
export const hour = (): Promise<string> =>
  scratch('bench', async (folder) => {
    const cell = readRun(join(REFERENCE, 'host')).cells.find(({ name }) => name.endsWith('-none-half'))!
    const start = { cell, boot: 1 }
    await mkdir(join(folder, bootFolder(1)))
    const lines = lengthened(readEvents(eventsOfABoot()).events, 1000).map((event) => JSON.stringify(event))
    await writeFile(join(folder, bootFolder(1), 'events.jsonl'), lines.join('\n'))
    const since = performance.now()
    const blocked = monitorEventLoopDelay({ resolution: 1 })
    blocked.enable()
    const ended = await new Aside().measure({
      start,
      outcome: { kind: 'done', facts: UNSEEN, consoleTail: [] },
      folder,
    })
    blocked.disable()
    if (ended.kind === 'failed') throw new Fault(ended.reason, EXIT.failed)
    const seconds = (performance.now() - since) / 1000
    const { resets, resetsByReload } = ended.tally
    const memory = Math.round(process.resourceUsage().maxRSS / 1024)
    return `${counted(resetsByReload.length, 'reload')} and ${counted(resets, 'reset')} of one boot: read and counted in ${seconds.toFixed(1)} s, during which other guests wait at most ${whole(Math.round(blocked.max / 1e6))} ms; ${memory} MiB at most`
  })
