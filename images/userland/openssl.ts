import type { Part } from '../debian/build.ts'

/**
 * OpenSSL as static libraries, for programs that speak TLS. Without what a static program cannot have (modules, engines,
 * other stacks: musl has no makecontext), and without its own programs and tests.
 */
export const openssl: Part = {
  package: 'openssl',
  suites: ['bookworm'],
  recipe: {
    build: `
      ./Configure linux-x86_64 CC="$MUSL_GCC" --openssldir=/etc/ssl \\
        no-shared no-module no-engine no-async no-afalgeng no-ui-console no-legacy no-tests
      make build_generated
      make libcrypto.a libssl.a
      mkdir lib && mv libcrypto.a libssl.a lib`,
    keep: {
      'lib/libcrypto.a': 'lib/libcrypto.a',
      'lib/libssl.a': 'lib/libssl.a',
      'include/openssl': 'include/openssl',
    },
  },
}
