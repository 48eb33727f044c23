import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isPath as isCaseFile } from '../../../cases/load.ts'
import { staysBelow } from '../../../images/cache/folders.ts'
import { isPath as isKernelFile } from '../../../images/kernels/catalogue.ts'
import type { Request } from '../../model/request.ts'
import type { Supply } from '../../model/supply.ts'
import { HOME } from '../../saved/version/provenance.ts'
import { filesOfCase } from './case-files.ts'

// What a user names by its path lies on this machine. Another one is given it at the same path, read-only.

type Named = Pick<Request, 'kernels' | 'cases' | 'proxies'>
type Supplied = Pick<Supply, 'mirror' | 'archive' | 'snapshot' | 'keyring'>

/** A request whose paths mean the same wherever the process stands that reads it; those of the lab's own cases are below it. */
export const withFullPaths = <T extends Named>(request: T): T => ({
  ...request,
  kernels: request.kernels.map((kernel) => (isKernelFile(kernel) ? resolve(kernel) : kernel)),
  cases: request.cases.map((one) => (isCaseFile(one) ? caseFile(one) : one)),
  proxies: request.proxies?.map((proxy) => proxy.replace(/:(.*\/.*)$/, (_, path) => `:${resolve(path)}`)) ?? null,
})

const caseFile = (path: string) => {
  const own = relative(HOME, resolve(path))
  return staysBelow(own) && own.startsWith('cases/') ? own : resolve(path)
}

/** The files and folders of the user's that requests need, with a keyring and mirrors that are files. All of them exist. */
export function ownFiles(requests: Named[], supply: Supplied = {}): string[] {
  const files = requests
    .map(withFullPaths)
    .flatMap(({ kernels, cases, proxies }) => [
      ...kernels.filter(isKernelFile).flatMap(aroundKernel),
      ...cases.filter((one) => one.startsWith('/')).flatMap((one) => [one, ...filesOfCase(one)]),
      ...(proxies ?? []).flatMap((proxy) => /:(\/.*)$/.exec(proxy)?.[1] ?? []),
    ])
  const { keyring, ...uris } = supply
  const mirrors = Object.values(uris).flatMap((uri) => (uri?.startsWith('file:') ? [fileURLToPath(uri)] : []))
  const all = [...files, ...mirrors, ...(keyring ? [keyring] : [])].flatMap((file) => [file, realpathSync(file)])
  return [...new Set(all)].sort()
}

/** The boot image inside of a kernel tree. */
const IN_TREE = '/arch/x86/boot/bzImage'

/** A kernel, and where its modules and configuration are looked for (images/kernels/own). */
function aroundKernel(path: string): string[] {
  const image = realpathSync(path)
  if (statSync(image).isDirectory()) return [path]
  if (image.endsWith(IN_TREE)) return [path, image.slice(0, -IN_TREE.length)]
  const dir = dirname(image)
  const modules = [dir, join(dir, '..')].flatMap((root) => [join(root, 'lib/modules'), join(root, 'usr/lib/modules')])
  const configs = readdirSync(dir).filter((name) => /^config(-|$)/.test(name))
  return [path, ...[...modules, ...configs.map((name) => join(dir, name))].filter(existsSync)]
}
