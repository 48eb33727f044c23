import { type Callback, suite as plain, type Test } from 'uvu'

export { exec } from 'uvu'

type Hook<T> = (hook: Callback<T>) => void

/**
 * uvu drops an error of a hook: the file shows 0/N, and no reason. This tells it, and throws it on.
 *
 * On stdout, as uvu tells those of tests: there it is in order, and shown wherever totals are.
 */
function told<T>(add: Hook<T>, name: string): Hook<T> {
  return (hook) =>
    add(async (context) => {
      try {
        await hook(context)
      } catch (error) {
        const reason = error instanceof Error ? error.stack : String(error)
        process.stdout.write(`\n  FAIL  a hook, ${name}, failed:\n    ${reason}\n`)
        throw error
      }
    })
}

/** uvu's suite, whose hooks fail aloud. */
export const suite: typeof plain = <T>(title?: string, context?: T) => {
  const made: Test<T> = plain(title, context)
  for (const name of ['before', 'after'] as const) {
    const { each } = made[name]
    made[name] = Object.assign(told(made[name], name), { each: told(each, `${name}.each`) })
  }
  return made
}

/** uvu's test, whose hooks fail aloud. */
export const test = suite()
