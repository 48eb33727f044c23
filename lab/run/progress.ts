import { Listr, ListrLogger, ProcessOutput } from 'listr2'

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
  const results: T[] = []
  const tasks = steps.map(({ title, run, summary }, i) => ({
    title,
    task: async (_: unknown, task: { title: string; output: string }) => {
      const result = await run((line) => {
        task.output = line
      })
      results[i] = result
      const how = summary(result)
      if (how === null) return
      task.title = `${title}: ${how}`
      if (!terminal) process.stderr.write(`${title}: ${how}\n`)
    },
  }))
  const logger = new ListrLogger({ processOutput: new ProcessOutput(process.stderr, process.stderr) })
  const options = { concurrent: atOnce, registerSignalListeners: false, exitOnError: true }
  await (terminal
    ? new Listr(tasks, { ...options, rendererOptions: { logger } })
    : new Listr(tasks, { ...options, renderer: 'silent' })
  ).run()
  return results
}
