import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { broughtBy } from './apt-get.ts'

const SAID = `Reading package lists...
The following additional packages will be installed:
  libtext-charwidth-perl
The following NEW packages will be installed:
  cowsay
  libtext-charwidth-perl
The following packages will be upgraded:
  perl perl-base
2 upgraded, 2 newly installed, 0 to remove and 110 not upgraded.
Need to get 30.9 kB/593 kB of archives.
After this operation, 136 kB of additional disk space will be used.
`

test('all that is added or replaced is named, with what it takes', () => {
  assert.is(
    broughtBy(SAID),
    '2 packages (593 kB to fetch, 136 kB on disk): cowsay libtext-charwidth-perl; newer versions of perl perl-base',
  )
})

test('what apt does not say is left out', () => {
  assert.is(broughtBy('The following NEW packages will be installed:\n  a\n'), '1 package: a')
})

test.run()
