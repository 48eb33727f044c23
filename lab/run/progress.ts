/** One thing to do that takes a while. */
export interface Step<T> {
  title: string
  /** @param say shows one line under the title, replacing the one before */
  run: (say: (line: string) => void) => Promise<T>
  /** How it ended, in a few words; null when it never began. */
  summary: (result: T) => string | null
}

/**
 * Does steps in their order, `atOnce` of them at a time. On a terminal, stderr shows a task list; elsewhere it gets a line
 * when a step ends.
 *
 * @returns the results in the order of the steps
 */
export async function doSteps<T>(steps: Step<T>[], atOnce: number, terminal: boolean): Promise<T[]> {
  return terminal ? showSteps(steps, atOnce) : logSteps(steps, atOnce)
}

async function logSteps<T>(steps: Step<T>[], atOnce: number): Promise<T[]> {
  const results: T[] = []
  // The workers share one iterator, so that each step is done once.
  const queue = steps.entries()
  const worker = async () => {
    for (const [i, { title, run, summary }] of queue) {
      const result = await run(() => {})
      results[i] = result
      const how = summary(result)
      if (how !== null) process.stderr.write(`${title}: ${how}\n`)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  return results
}

async function showSteps<T>(steps: Step<T>[], atOnce: number): Promise<T[]> {
  // Only now: without a terminal nothing of it is needed.
  const { Listr, ListrLogger, ProcessOutput } = await import('listr2')
  const results: T[] = []
  const tasks = steps.map(({ title, run, summary }, i) => ({
    title,
    task: async (_: unknown, task: { title: string; output: string }) => {
      const result = await run((line) => {
        task.output = line
      })
      results[i] = result
      const how = summary(result)
      if (how !== null) task.title = `${title}: ${how}`
    },
  }))
  const logger = new ListrLogger({ processOutput: new ProcessOutput(process.stderr, process.stderr) })
  await new Listr(tasks, {
    concurrent: atOnce,
    registerSignalListeners: false,
    exitOnError: true,
    rendererOptions: { logger },
  }).run()
  return results
}
