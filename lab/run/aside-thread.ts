import { parentPort } from 'node:worker_threads'
import { measureSaved } from '../saved/recount.ts'
import type { Task } from './aside.ts'

// The thread of aside.ts.

parentPort!.on('message', ({ folder, start, outcome }: Task) =>
  parentPort!.postMessage(measureSaved(folder, start, outcome)),
)
