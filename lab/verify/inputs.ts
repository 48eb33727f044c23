import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { cacheRoot, fileSha256 } from '../../images/cache/cache.ts'
import { imagesKnown } from '../../images/kernels/obtain.ts'
import { isNamed, partNow } from '../guest/parts.ts'
import type { Cell } from '../model/cell.ts'
import type { KernelFacts, Result } from '../model/result.ts'
import type { SavedRun } from '../saved/run.ts'
import { about, type Finding } from './finding.ts'

/** Whether what a run was made of, as far as this machine has it, still has the hashes that were saved. */
export async function checkInputs(folder: string, result: Result, plan: SavedRun | null): Promise<Finding[]> {
  const findings: Finding[] = []
  // One after the other: images and modules are large.
  for (const kernel of result.kernels) {
    findings.push(...(await checkConfig(folder, kernel)))
    findings.push(await checkImage(kernel, plan?.cells ?? []))
  }
  const elsewhere = result.host.image
    ? `; the run was made in containers (${result.host.image}), whose volume has it`
    : ''
  for (const [part, { what, of }] of partsIn(plan?.cells ?? []))
    findings.push(await checkPart(part, what, of, elsewhere))
  return findings
}

/** The beginning of a hash: enough to tell it from others by eye. */
const brief = (hash: string) => hash.replace(/^(sha256:)?(.{12}).*/, '$2…')

async function checkConfig(folder: string, { kernel, config }: KernelFacts): Promise<Finding[]> {
  if (!config) return []
  const { ok, differs, unchecked } = about('kernel configuration')
  const file = join(folder, config.file)
  if (!existsSync(file)) return [unchecked(kernel, `${config.file} was not kept`)]
  const found = await fileSha256(file)
  const said = `SHA-256 ${brief(found)} of ${config.file}`
  return [found === config.sha256 ? ok(kernel, said) : differs(kernel, `${said}; expected ${brief(config.sha256)}`)]
}

/** The image of a kernel: the same hash in result and plan, and in what this machine has of it. */
async function checkImage({ kernel, imageSha256: expected }: KernelFacts, cells: Cell[]): Promise<Finding> {
  const { ok, differs, unchecked } = about('kernel image')
  const planned = cells.map(({ kernel }) => kernel).filter(({ name }) => name === kernel)
  const other = planned.find(({ sha256 }) => sha256 !== expected)
  if (other) return differs(kernel, `SHA-256 ${expected} in result.json, ${other.sha256} in plan.json`)
  if (expected === null)
    return unchecked(kernel, 'it was the running kernel of its host or machine, which has no image to look at')
  // Older plans name images by their paths.
  const paths = planned.flatMap(({ image }) => (image && !isNamed(image) ? [image] : []))
  for (const path of [...new Set([...imagesKnown(expected), ...paths])].filter((path) => existsSync(path))) {
    const found = await fileSha256(path)
    if (found === expected) return ok(kernel, `SHA-256 ${brief(found)} of ${path}`)
    if (!paths.includes(path)) return differs(kernel, `SHA-256 ${brief(found)} of ${path}; expected ${brief(expected)}`)
  }
  return unchecked(kernel, `no image with SHA-256 ${brief(expected)} is known in the cache ${cacheRoot()}`)
}

type Labels = Pick<Finding, 'what' | 'of'>

/** The parts of all cells, each once, and what they are. */
function partsIn(cells: Cell[]): Map<string, Labels> {
  const parts = new Map<string, Labels>()
  const add = (part: string | null, what: string, of: string) => {
    if (part !== null && !parts.has(part)) parts.set(part, { what, of })
  }
  for (const { kernel, root, proxy } of cells) {
    add(kernel.image, 'what was booted', kernel.name)
    add(kernel.modules, 'kernel modules', kernel.name)
    add(root.userland, 'userland', 'busybox, iptables, iproute2')
    add(root.programs, "the lab's programs", 'init, load, reload, rstwatch and others')
    add(proxy.path, 'proxy', `${proxy.name} ${proxy.version}`)
  }
  return parts
}

async function checkPart(part: string, what: string, of: string, elsewhere: string): Promise<Finding> {
  const { ok, differs, unchecked } = about(what)
  if (!isNamed(part)) return unchecked(of, 'the plan has its path alone, no hash of it')
  const now = await partNow(part)
  if (!now) return unchecked(of, `${brief(part)} is not in the cache ${cacheRoot()}${elsewhere}`)
  if (now.name === null) return unchecked(of, `${now.path} is gone`)
  const said = `SHA-256 ${brief(now.name)} of ${now.path}`
  return now.name === part ? ok(of, said) : differs(of, `${said}; expected ${brief(part)}`)
}
