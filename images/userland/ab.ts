import type { Part } from '../debian/build.ts'
import { openssl } from './openssl.ts'

/** The Apache Portable Runtime, as ab needs it. */
const apr: Part = {
  package: 'apr',
  suites: ['bookworm'],
  recipe: {
    build: `
      ./configure CC="$MUSL_GCC" --disable-shared --enable-static --disable-dso --without-sendfile
      make libapr-1.la`,
    keep: { '.libs/libapr-1.a': 'lib/libapr-1.a', include: 'include' },
  },
}

/** Of its utilities ab needs one file, and a header that says how it is linked. */
const aprUtil: Part = {
  package: 'apr-util',
  suites: ['bookworm'],
  recipe: {
    build: `
      sed 's/@[a-z_]*@/0/' include/apu.h.in > include/apu.h
      $MUSL_GCC -O2 -I include -I "$APR/include" -c encoding/apr_base64.c
      ar rcs libaprutil.a apr_base64.o`,
    keep: { 'libaprutil.a': 'lib/libaprutil.a', include: 'include' },
    parts: { APR: apr },
  },
}

/** ApacheBench, with which the article shows its solution (section 8), with TLS. */
export const ab: Part = {
  package: 'apache2',
  suites: ['bookworm'],
  recipe: {
    // What configure would find out; ab needs no more of it.
    build: `
      echo '#define HAVE_OPENSSL 1' > include/ap_config_auto.h
      $MUSL_GCC -O2 -w -D_GNU_SOURCE -I include -I "$APR/include" -I "$APR_UTIL/include" -I "$OPENSSL/include" -o ab support/ab.c \\
        "$APR_UTIL/lib/libaprutil.a" "$APR/lib/libapr-1.a" "$OPENSSL/lib/libssl.a" "$OPENSSL/lib/libcrypto.a" -lm`,
    keep: { ab: 'sbin/ab' },
    parts: { APR: apr, APR_UTIL: aprUtil, OPENSSL: openssl },
  },
}
