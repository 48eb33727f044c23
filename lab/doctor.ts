import { command } from './cli/command.ts'
import { optionsOf } from './cli/options/table.ts'
import { EXIT, usage } from './model/fault.ts'
import type { Check } from './model/text/check.ts'

const DOCTOR = 'npx tsx lab/doctor.ts'

/** @returns the exit status */
function print(required: Check[]): number {
  for (const { what, ok, optional, mend } of required)
    process.stdout.write(`${ok ? 'ok     ' : optional ? 'without' : 'MISSING'} ${what}${ok ? '' : `: ${mend}`}\n`)
  return required.every(({ ok, optional }) => ok || optional) ? EXIT.expected : EXIT.notReady
}

await command(
  {
    command: DOCTOR,
    about: 'Whether this host is ready: one line a check, with the command that mends it. Boots nothing.',
    usage: ['[--accel auto|kvm|tcg]', '--engine docker|swarm', '--guest vagrant', '--clean'],
    options: optionsOf('doctor'),
    says: {
      guest: 'vagrant: whether runs with --guest vagrant are ready: Vagrant, what runs its machines, and their boxes',
    },
    examples: [
      'npx tsx lab/doctor.ts && npx tsx lab/run.ts --kernel 6.1',
      'npx tsx lab/doctor.ts --engine docker',
      'npx tsx lab/doctor.ts --guest vagrant',
      'npx tsx lab/doctor.ts --clean',
    ],
    notes: `With --accel kvm the host is ready only if KVM's device opens and no kernel that was tried with it since this host booted has failed; with --accel tcg KVM is not looked at. With --engine docker only Node.js, the cache and the daemon are; with --engine swarm also the Swarm. With --guest vagrant also Vagrant is asked, and what brings its machines up; none is.
Exit status: 0 ready, 3 not.`,
  },
  async ({ values }) => {
    // Only now: help and mistakes need none of it.
    if (values.clean) {
      const { clean } = await import('./doctor/clean.ts')
      for (const line of await clean()) process.stdout.write(`${line}\n`)
      return EXIT.expected
    }
    if (values.guest && values.engine !== 'local')
      throw usage(
        `--guest vagrant: not beside --engine ${values.engine}, whose containers have no Vagrant`,
        `${DOCTOR} --help`,
      )
    const { checkDocker, checkHost, checkKvm, checkMachines, checkSwarm } = await import('./doctor/checks.ts')
    if (values.engine === 'docker') return print(await checkDocker())
    if (values.engine === 'swarm') return print(await checkSwarm())
    if (values.guest === 'vagrant') return print(await checkMachines())
    const required = [...(await checkHost()), ...(values.accel === 'kvm' ? await checkKvm() : [])]
    const status = print(required)
    for (const { what, ok } of values.accel === 'auto' ? await checkKvm() : [])
      process.stdout.write(`note    ${what}${ok ? '' : '; it takes emulation (TCG) instead'}\n`)
    return status
  },
)
