/**
 * Whether missing packages of the host are installed: `--no-install` forbids it, `--install` and CI (the variable CI, as
 * most services set it) need no question, and else whoever is there is asked before sudo is used.
 */
export function installs(
  { install, noInstall }: { install: boolean; noInstall: boolean },
  environment = process.env,
): 'never' | 'ask' | 'always' {
  if (noInstall) return 'never'
  return install || isSet(environment.CI) ? 'always' : 'ask'
}

const isSet = (value = '') => !['', '0', 'false'].includes(value.toLowerCase())
