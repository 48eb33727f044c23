/** One thing to do that takes a while. */
export interface Step<T> {
  title: string
  /** @param say shows one line under the title, replacing the one before */
  run: (say: (line: string) => void) => Promise<T>
  /** How it ended, in a few words. */
  summary: (result: T) => string
}

/**
 * Does one step after the other, never two at once: they would contend for the CPUs and spoil each other's numbers.
 * On a terminal a task list on stderr shows what is under way; elsewhere nothing is shown.
 */
export async function inTurn<T>(steps: Step<T>[], terminal: boolean): Promise<T[]> {
  const results: T[] = []
  if (!terminal) {
    for (const step of steps) results.push(await step.run(() => {}))
    return results
  }
  const { Listr, ListrLogger, ProcessOutput } = await import('listr2')
  const logger = new ListrLogger({ processOutput: new ProcessOutput(process.stderr, process.stderr) })
  const tasks = steps.map(({ title, run, summary }) => ({
    title,
    task: async (_: unknown, task: { title: string; output: string }) => {
      const result = await run((line) => {
        task.output = line
      })
      results.push(result)
      task.title = `${title}: ${summary(result)}`
    },
  }))
  await new Listr(tasks, { concurrent: false, registerSignalListeners: false, rendererOptions: { logger } }).run()
  return results
}
