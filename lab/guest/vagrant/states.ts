// What Vagrant says of its machines, and how each is left.

/** What puts a machine back into the state in which it was found; also the name of Vagrant's command. */
export type Leaving = 'destroy' | 'halt' | 'suspend'

/**
 * By the states that the providers have (VirtualBox, libvirt, QEMU). Only what did not exist is destroyed: any other has a
 * disk, and what its user put there.
 */
const LEAVING: Partial<Record<string, Leaving>> = {
  not_created: 'destroy',
  saved: 'suspend',
  'aborted-saved': 'suspend',
  suspended: 'suspend',
  paused: 'suspend',
  pmsuspended: 'suspend',
}

/** How a machine is left that the lab found in a state and brought up: halted where it had one that says nothing else. */
export const leavingOf = (state: string): Leaving => LEAVING[state] ?? 'halt'

/** Reads what `vagrant status --machine-readable` printed. @returns the state of each machine that the Vagrantfile has */
export function statesIn(said: string): Map<string, string> {
  const found = [...said.matchAll(/^\d+,([^,]+),state,([\w-]+)\r?$/gm)]
  return new Map(found.map(([, machine, state]) => [machine!, state!]))
}

/** The errors among what Vagrant printed with `--machine-readable`, as a terminal would show them. */
export const errorsIn = (said: string): string =>
  [...said.matchAll(/^\d+,[^,]*,ui,error,(.*)$/gm)]
    .map(([, text]) => text!.trim().replaceAll('\\n', '\n').replaceAll('%!(VAGRANT_COMMA)', ','))
    .join('\n')
