import { command } from './cli/command.ts'
import { optionsOf } from './cli/options/table.ts'
import { EXIT } from './model/fault.ts'
import { meant } from './model/text/spelling.ts'

interface Figure {
  help: string
  /** Whether it is left out unless it is asked for. */
  onlyAsked?: true
  /** Parts that no other figure needs are loaded here. */
  measure: (signal: AbortSignal) => Promise<{ text: string; status?: number }>
}

const times = () => import('./bench/times.ts')

const FIGURES: Record<string, Figure> = {
  'first-event': {
    help: "from the command to the guest's first event (6.1)",
    measure: async () => ({ text: await (await times()).firstEvent() }),
  },
  wall: {
    help: 'wall time of two runs of the main job',
    measure: async () => ({ text: await (await times()).wall() }),
  },
  boots: {
    help: '100 boots of 6.1 in a row: hangs, and the time to the first event',
    measure: async (signal) => ({ text: await (await times()).boots(signal) }),
  },
  generator: {
    help: 'connections a second and CPU per connection of the generator, wrk, ab and h1load; in a guest and on the host',
    measure: async (signal) => ({ text: await (await import('./bench/rivals.ts')).rivals(signal) }),
  },
  hour: {
    help: 'how long the lab takes to count a boot of 38,000 reloads, its memory, and how long other guests wait',
    measure: async () => ({ text: await (await import('./bench/hour.ts')).hour() }),
  },
  coverage: {
    help: 'whether 95 % intervals hold 95 %, by simulation; exit status 1 when they do not (a minute)',
    measure: async () => {
      const { text, broken } = (await import('./bench/coverage.ts')).coverageReport()
      return { text, status: broken.length ? EXIT.contradicts : EXIT.expected }
    },
  },
  sabotage: {
    help: 'defects planted in cases and in the lab itself, and what caught each (host, and 6.1 where that lacks something); a list in Markdown, in a quarter of an hour',
    onlyAsked: true,
    measure: async (signal) => ({ text: await (await import('./sabotage/sabotage.ts')).sabotage(signal) }),
  },
  fuzz: {
    help: 'whether what reads foreign bytes holds with any input: an hour of new ones; exit status 1 with the smallest that something did not hold for',
    onlyAsked: true,
    measure: async (signal) => (await import('./fuzz/fuzz.ts')).fuzz(signal),
  },
  faults: {
    help: 'faults at random times in whole runs (a guest or the lab killed, a full disk, a cut stream, a machine that stands still, a cache that is gone), and whether one made a wrong number or left something behind; as root, in a quarter of an hour',
    onlyAsked: true,
    measure: async (signal) => (await import('./bench/faults/faults.ts')).faults(signal),
  },
  scale: {
    help: 'what a boot costs beside itself on each engine, 1,000 orders that only sleep on a Swarm, and what the whole matrix takes on 1, 8 and 64 machines (25 minutes). On the Swarm of DOCKER_HOST, else on one that it starts itself, as root',
    onlyAsked: true,
    measure: async (signal) => ({ text: await (await import('./bench/scale/scale.ts')).scale(signal) }),
  },
  engines: {
    help: 'the same cells on each engine, by turns: whether engines differ in what they measure (8 minutes). Where scale is measured',
    onlyAsked: true,
    measure: async (signal) => ({ text: await (await import('./bench/engines/engines.ts')).engines(signal) }),
  },
  qemu: {
    help: 'boots and loads of two QEMUs by turns, those that HITLESS_QEMUS=PROGRAM:PROGRAM names: which boots faster, and whether one carries more (12 minutes)',
    onlyAsked: true,
    measure: async (signal) => ({ text: await (await import('./bench/qemu/qemu.ts')).qemu(signal) }),
  },
  cold: {
    help: 'from an empty cache to the first result, and where the time goes',
    onlyAsked: true,
    measure: async () => ({ text: await (await times()).cold() }),
  },
}

const NAMES = Object.keys(FIGURES)

await command(
  {
    command: 'npm run bench --',
    about:
      "The lab's own figures: how fast it is, not what it measures. Takes about half an hour, during which nothing else may run.",
    usage: ['[FIGURE…]'],
    words: Object.fromEntries(NAMES.map((name) => [name, FIGURES[name]!.help])),
    options: optionsOf('bench'),
    examples: ['npm run bench', 'npm run bench -- first-event boots'],
    notes:
      'Without a figure all are measured but sabotage, fuzz, faults, scale, engines, qemu and cold. scale, engines and qemu save what they measured in reports/reference/bench: NAME.json, boot by boot, and NAME.md, which follows from it. h1load is measured when H1LOAD names a static binary of it.',
  },
  async ({ words, signal }) => {
    const names = words.length ? words : NAMES.filter((name) => !FIGURES[name]!.onlyAsked)
    let status: number = EXIT.expected
    for (const name of names) {
      const figure = await FIGURES[name]!.measure(signal)
      // One alone may be saved as it is.
      process.stdout.write(names.length > 1 ? `${name}\n${figure.text}\n\n` : `${figure.text}\n`)
      status = figure.status || status
      signal.throwIfAborted()
    }
    return status
  },
  ({ words }) => ({
    before: words
      .filter((name) => !NAMES.includes(name))
      .map((name) => `${name}: no such figure${meant(name, NAMES)}; choose from ${NAMES.join(', ')}`),
  }),
)
