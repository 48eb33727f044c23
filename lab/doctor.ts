import { command } from './cli/command.ts'
import { EXIT } from './model/fault.ts'

await command(
  {
    command: 'npx tsx lab/doctor.ts',
    about: 'Whether this host is ready: one line a check, with the command that mends it. Boots nothing.',
    usage: ['[--accel auto|kvm|tcg]'],
    options: ['accel', 'help'],
    examples: ['npx tsx lab/doctor.ts && npx tsx lab/run.ts --kernel 6.1'],
    notes: `With --accel kvm the host is ready only if KVM's device opens and no kernel that was tried with it since this host booted has failed; with --accel tcg KVM is not looked at.
Exit status: 0 ready, 3 not.`,
  },
  async ({ values }) => {
    // Only now: help and mistakes need none of it.
    const { checkHost, checkKvm } = await import('./doctor/checks.ts')
    const required = [...(await checkHost()), ...(values.accel === 'kvm' ? await checkKvm() : [])]
    for (const { what, ok, mend } of required)
      process.stdout.write(`${ok ? 'ok     ' : 'MISSING'} ${what}${ok ? '' : `: ${mend}`}\n`)
    for (const { what, ok } of values.accel === 'auto' ? await checkKvm() : [])
      process.stdout.write(`note    ${what}${ok ? '' : '; it takes emulation (TCG) instead'}\n`)
    return required.every(({ ok }) => ok) ? EXIT.expected : EXIT.notReady
  },
)
