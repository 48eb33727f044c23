import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { $ } from 'zx/core'

/** Ten days, so that no test meets their end. */
const DAYS = 10

/**
 * Makes what a daemon and its users know each other by: a CA, and keys that it signs.
 *
 * @param folder gets ca.pem, cert.pem and key.pem of a user, as DOCKER_CERT_PATH names them, and server.pem and
 *   server-key.pem of a daemon at 127.0.0.1
 */
export async function makeCertificates(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true })
  const run = $({ cwd: folder, quiet: true })
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
  await run`openssl req -x509 ${key} -keyout ca-key.pem -out ca.pem -days ${DAYS} -subj /CN=hitless-test-ca`
  const ends = { server: 'subjectAltName=IP:127.0.0.1', '': 'extendedKeyUsage=clientAuth' }
  for (const [end, extension] of Object.entries(ends)) {
    const [secret, certificate] = end ? [`${end}-key.pem`, `${end}.pem`] : ['key.pem', 'cert.pem']
    writeFileSync(join(folder, 'extensions'), `${extension}\n`)
    await run`openssl req ${key} -keyout ${secret} -out request -subj /CN=hitless-test`
    const signer = ['-CA', 'ca.pem', '-CAkey', 'ca-key.pem', '-CAcreateserial', '-extfile', 'extensions']
    await run`openssl x509 -req -in request ${signer} -days ${DAYS} -out ${certificate}`
  }
}
