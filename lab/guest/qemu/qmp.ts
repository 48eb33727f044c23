import { createInterface } from 'node:readline'
import type { Duplex } from 'node:stream'
import * as v from 'valibot'

const Answer = v.union([
  v.object({ return: v.unknown() }),
  v.object({ error: v.object({ desc: v.string() }) }),
  v.object({ event: v.string() }),
  v.object({ QMP: v.unknown() }),
])

const Cpus = v.array(v.object({ 'cpu-index': v.number(), 'thread-id': v.number() }))

/** QEMU's control socket (docs/interop/qmp-spec), as far as the lab needs it. By hand: two commands need no client. */
export class Qmp {
  #waiting: { resolve: (value: unknown) => void; reject: (error: Error) => void }[] = []

  constructor(readonly socket: Duplex) {
    const give = (error: Error) => {
      for (const { reject } of this.#waiting.splice(0)) reject(error)
    }
    socket.on('error', give)
    socket.on('close', () => give(new Error('QEMU closed its control socket')))
    const lines = createInterface({ input: socket }).on('error', give)
    lines.on('line', (line) => {
      const answer = v.parse(Answer, JSON.parse(line))
      if ('return' in answer) this.#waiting.shift()?.resolve(answer.return)
      if ('error' in answer) this.#waiting.shift()?.reject(new Error(answer.error.desc))
    })
  }

  #ask(execute: string): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject })
      this.socket.write(`${JSON.stringify({ execute })}\n`)
    })
  }

  /** Thread ids of the vCPUs, in the order of their numbers. */
  async vcpuThreads(): Promise<number[]> {
    await this.#ask('qmp_capabilities')
    const cpus = v.parse(Cpus, await this.#ask('query-cpus-fast'))
    return cpus.sort((a, b) => a['cpu-index'] - b['cpu-index']).map((cpu) => cpu['thread-id'])
  }
}
