import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { END } from './end.ts'
import './mend.ts'

// A process of lab/test.ts, which sends it the paths of test files, one at a time. They run in this one process: most
// load the same modules, which takes longer than their tests do.

// uvu runs nothing by itself where this is set; then its queue has a group of suites for each file.
const uvu = globalThis as unknown as { UVU_DEFER: number; UVU_QUEUE: unknown[][] }
uvu.UVU_DEFER = 1
uvu.UVU_QUEUE = []
const { exec } = await import('uvu')

let output = ''
const write = process.stdout.write.bind(process.stdout)
process.stdout.write = ((text: string | Uint8Array) => {
  output += text
  return true
}) as typeof process.stdout.write
// What a file printed that ends the process.
process.on('exit', () => write(output))

process.on('message', async (file: string) => {
  if (file === END) process.exit(0)
  uvu.UVU_QUEUE.splice(0, uvu.UVU_QUEUE.length, [null])
  await import(pathToFileURL(resolve(file)).href)
  await exec()
  process.send!({ output, endedWell: process.exitCode !== 1 })
  output = ''
  process.exitCode = 0
})
