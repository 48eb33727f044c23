import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import { compareVersions } from '../../images/debian/version.ts'
import { isDebianVersion } from '../../images/kernels/names.ts'
import { target } from './target.ts'

const hasDpkg = () => !spawnSync('dpkg', ['--version']).error

/** As Debian writes versions, with parts that are close to each other, so that many pairs are nearly the same. */
const part = fc.oneof(
  fc.constantFrom('0', '00', '1', '9', '10', '09', '18446744073709551616', '18446744073709551617'),
  fc.constantFrom('~', '~~', '+', '.', '~rc', 'a', 'Z', 'deb12u', 'b'),
  fc.stringMatching(/^[\w.+~]{1,3}$/).map((text) => text.replaceAll('_', '')),
)
const upstream = fc
  .tuple(fc.nat(20), fc.array(part, { maxLength: 5 }))
  .map(([first, rest]) => [first, ...rest].join(''))
const revision = fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => `-1${parts.join('')}`)
const version = fc
  .tuple(fc.constantFrom('', '', '0:', '1:'), upstream, fc.oneof(fc.constant(''), revision))
  .map((parts) => parts.join(''))
  .filter(isDebianVersion)

const dpkg = (one: string, relation: 'lt' | 'eq', other: string) =>
  spawnSync('dpkg', ['--compare-versions', one, relation, other]).status === 0

export const versions = target({
  name: 'versions',
  holds: 'two versions of Debian sort as dpkg sorts them',
  input: fc.tuple(version, version),
  check: ([one, other]) => {
    const order = compareVersions(one, other)
    const said = order < 0 ? 'lt' : order > 0 ? 'gt' : 'eq'
    const dpkgs = dpkg(one, 'lt', other) ? 'lt' : dpkg(one, 'eq', other) ? 'eq' : 'gt'
    if (said !== dpkgs) throw new Error(`${one} ${said} ${other}: dpkg says ${dpkgs}`)
  },
  kept: [['1.18446744073709551616', '1.18446744073709551617']],
  lacking: () => (hasDpkg() ? null : 'dpkg is missing'),
})
