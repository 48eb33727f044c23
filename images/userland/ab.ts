import { cp, mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Supply } from '../../lab/model/supply.ts'
import { cached } from '../cache/cache.ts'
import { shell } from '../cache/shell.ts'
import { buildPart, type Part } from '../debian/build.ts'
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

/** Where a guest has the certificate, with its key: HAProxy's `crt`. */
export const CERTIFICATE = '/etc/ssl/site.pem'

/**
 * What a guest needs beside a proxy with TLS, laid out as a root file system: sbin/ab, and a certificate that this machine
 * signed itself. Of RSA, so that each handshake has equally many bytes: an ECDSA signature is now and then one shorter.
 *
 * @throws a Fault (exit 3) as {@link buildPart} does
 */
export async function abWithCertificate(supply: Supply): Promise<string> {
  const program = await buildPart(ab, supply)
  return cached('programs', 'ab', [program, CERTIFICATE], async (dir) => {
    const pem = join(dir, CERTIFICATE)
    await mkdir(dirname(pem), { recursive: true })
    await cp(program, dir, { recursive: true })
    // The second of two files of one name is added to the first: HAProxy wants the key and the certificate in one.
    await shell(
      supply.signal,
    )`openssl req -x509 -newkey rsa:2048 -nodes -days 36500 -subj /CN=localhost -keyout ${pem} -out ${pem}`
  })
}
