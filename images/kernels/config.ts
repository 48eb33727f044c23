import type { Feature } from '../../lab/model/case.ts'
import { inRange, rangeText } from '../../lab/model/range.ts'
import { KERNEL_OPTIONS, type KernelOption } from './options.ts'

/** The value of each option that a configuration sets, without the prefix CONFIG_. */
const settings = (config: string) =>
  new Map(Array.from(config.matchAll(/^CONFIG_(\w+)=(.*)$/gm), ([, name, value]) => [name!, value!]))

/**
 * The version that a configuration was made for. Its header says "Linux/x86 6.1.192 Kernel Configuration", and before
 * 2.6.39 "Linux kernel version: 2.6.32.9".
 */
export const versionOf = (config: string) =>
  /^# Linux(?:\/\w+ | kernel version: )(\d+(?:\.\d+)+)/m.exec(config.slice(0, 1000))?.[1] ?? null

/** The options that the version of this configuration has by these names; without a version, those that all have. */
function known(config: string): KernelOption[] {
  const version = versionOf(config)
  return KERNEL_OPTIONS.filter(({ linux }) => !linux || (version && inRange(version, linux)))
}

const satisfied = (value: string | undefined, wanted: KernelOption['value']) =>
  typeof wanted === 'number' ? Number(value) >= wanted : value === 'y' || (wanted === 'm' && value === 'm')

/**
 * What a kernel's configuration lacks for a guest to work at all, for a feature, or for a kernel module: in the order
 * of {@link KERNEL_OPTIONS}, as "CONFIG_NET_SCH_PLUG". Empty when it lacks nothing, and when no option is known to
 * decide it: SO_REUSEPORT has none, and a user's own case may load modules that nobody here knows.
 *
 * @param config the configuration's text, as of .config or /boot/config-VERSION
 */
export function lacking(config: string, what: 'guest' | Feature | (string & {})): string[] {
  const set = settings(config)
  return known(config)
    .filter((option) => option.module === what || (option.for.includes(what as Feature) && !option.dispensable))
    .filter(({ name, or = [], value, onlyIfAsked }) =>
      onlyIfAsked
        ? config.includes(`# CONFIG_${name} is not set\n`)
        : ![name, ...or].some((each) => satisfied(set.get(each), value)),
    )
    .map(({ name, value }) => `CONFIG_${name}${typeof value === 'number' ? ` of ${value} or more` : ''}`)
}

/** The modules that cases may load and that this configuration makes modules rather than parts of the image. */
export function builtAsModules(config: string): string[] {
  const set = settings(config)
  return known(config).flatMap(({ name, module }) => (module && set.get(name) === 'm' ? [module] : []))
}

const HEADER = `\
# What the lab needs of a kernel, on top of its defconfig; on top of allnoconfig it is enough, too. In the kernel's tree:
#   make defconfig
#   scripts/kconfig/merge_config.sh .config lab.config && make bzImage modules
# A tree without merge_config.sh, as that of 2.6.32:
#   make defconfig && cat lab.config >>.config && yes '' | make oldconfig && make bzImage modules
# All is built in, so that bzImage alone will do; cases take modules as well. Names that a version does not have are
# ignored: merge_config.sh warns of them.
`

/** What of the lab's needs an option serves, for its comment. */
function purpose(option: KernelOption): string {
  const whom = option.for.filter((what) => what !== 'guest').join(', ')
  const version = option.linux ? ` (${rangeText('Linux', option.linux)})` : ''
  return `# ${whom ? `${whom}: ` : ''}${option.why}${option.dispensable ? '; the lab can do without' : ''}${version}\n`
}

/** A fragment for scripts/kconfig/merge_config.sh with all that the lab needs, and a comment that says what for. */
export const configFragment = (): string =>
  [
    HEADER,
    ...KERNEL_OPTIONS.map((option) => `${purpose(option)}CONFIG_${option.name}=${fragmentValue(option)}\n`),
  ].join('\n')

const fragmentValue = ({ value }: KernelOption) => (typeof value === 'number' ? value : 'y')
