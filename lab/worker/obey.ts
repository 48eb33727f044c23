import { setTimeout as pause } from 'node:timers/promises'
import { localEngine } from '../engine/local/local.ts'
import { FrameWriter } from '../engine/remote/frames.ts'
import { type Answer, type Deed, Order, type Told } from '../engine/remote/protocol.ts'
import { readCores } from '../guest/cpus/topology.ts'
import { bootId, thisMachine } from '../guest/machine.ts'
import { packParts } from '../guest/pack.ts'
import { allowedCpus } from '../guest/threads.ts'
import { Fault, usage } from '../model/fault.ts'
import { readJson } from '../model/text/mistakes.ts'
import { findCapacitiesOf } from '../prepare/capacities.ts'
import { kvmRefuses } from '../prepare/kvm.ts'
import { prepareAll } from '../prepare/prepare.ts'
import { thisHost } from '../saved/version/provenance.ts'
import { confinedCpus } from './own-cpus.ts'

/** How the lab is told of what happens. */
type Tell = (told: Told) => void

/** How each order is carried out. */
const DEEDS: {
  [D in Deed]: (order: Extract<Order, { do: D }>, tell: Tell, signal: AbortSignal) => Promise<Answer<D>>
} = {
  describe: async () => ({
    ...(await thisHost()),
    cpuid: thisMachine(false).cpuid,
    allowed: allowedCpus('self'),
    cores: readCores(),
    bootId: bootId(),
    kvm: kvmRefuses(),
  }),
  // What it needs of its machine is in the worker's image.
  prepare: ({ requests, supply, capacities, mayBeNone }, tell, signal) => {
    const may = { install: 'never' as const, keep: keepTo(tell), capacities, mayBeNone }
    return prepareAll(requests, { ...supply, note: noteTo(tell), signal }, may)
  },
  capacity: ({ load, kernel, root }, tell, signal) => {
    const trial = { note: noteTo(tell), signal, cpus: confinedCpus() }
    return findCapacitiesOf(load, kernel, root, trial, keepTo(tell))
  },
  pack: async ({ parts, folder }) => {
    await packParts(parts, folder)
    return null
  },
  check: ({ cell }) => localEngine().obstacle(cell),
  sleep: ({ ms }, _tell, signal) => pause(ms, null, { signal }),
  run: (start, tell, signal) => {
    const observer = {
      files: (files: Record<string, string>) => tell({ tell: 'files', files }),
      command: (argv: string[]) => tell({ tell: 'command', argv }),
      line: (line: string) => tell({ tell: 'line', line }),
      // The lab reads it from the line.
      event: () => {},
      console: (text: string) => tell({ tell: 'console', text }),
      waits: noteTo(tell),
    }
    return localEngine(false, confinedCpus()).run(start, observer, signal)
  },
}

const noteTo = (tell: Tell) => (line: string) => tell({ tell: 'note', line })
const keepTo = (tell: Tell) => (name: string, text: string) => tell({ tell: 'keep', name, text })

/**
 * Carries out one order and tells on stdout, in frames, what happens and how it ended.
 *
 * @param text the order, as JSON
 * @throws a Fault (exit 2) when it is no order
 */
export async function obey(text: string, signal: AbortSignal): Promise<void> {
  const { output: order, mistakes } = readJson(Order, text)
  if (mistakes)
    throw usage(mistakes.map((mistake) => `no order: ${mistake}`).join('\n'), 'npx tsx lab/worker.ts --help')
  const frames = new FrameWriter((line) => process.stdout.write(line))
  frames.send(await told(order, (one) => frames.send(one), signal))
  frames.end()
}

/** How an order ended. */
async function told(order: Order, tell: Tell, signal: AbortSignal): Promise<Told> {
  try {
    const deed = DEEDS[order.do] as (order: Order, tell: Tell, signal: AbortSignal) => Promise<Answer<Deed>>
    return { tell: 'answer', answer: await deed(order, tell, signal) }
  } catch (error) {
    if (error instanceof Fault) return { tell: 'fault', ...shown(error) }
    return { tell: 'fault', message: String((error as Error).stack ?? error), exit: null }
  }
}

const shown = ({ message, exit, hint }: Fault) => ({ message, exit, ...(hint && { hint }) })
