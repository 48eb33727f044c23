import type { Feature } from '../../lab/model/case/case.ts'
import { inRange, rangeText } from '../../lab/model/text/range.ts'
import { KERNEL_OPTIONS, type KernelOption } from './options.ts'

/** The value of each option that a configuration sets, by its name without CONFIG_. */
const settings = (config: string) =>
  new Map(Array.from(config.matchAll(/^CONFIG_(\w+)=(.*)$/gm), ([, name, value]) => [name!, value!]))

/**
 * The version of Linux that a configuration was made for, by its header: "Linux/x86 6.1.192 Kernel Configuration", before
 * 2.6.39 "Linux kernel version: 2.6.32.9".
 */
export const versionOf = (config: string) =>
  /^# Linux(?:\/\w+ | kernel version: )(\d+(?:\.\d+)+)/m.exec(config.slice(0, 1000))?.[1] ?? null

/** Whether each line of a text is one of a configuration: CONFIG_NAME=value, a comment, or empty. */
export const isConfig = (text: string): boolean => !/^(?!CONFIG_\w+=|\s*#|\s*$)/m.test(text)

/** The options that exist in the configuration's version; without a version, those that exist in all. */
function optionsOf(config: string): KernelOption[] {
  const version = versionOf(config)
  return KERNEL_OPTIONS.filter(({ linux }) => !linux || (version && inRange(version, linux)))
}

const satisfied = (value: string | undefined, wanted: KernelOption['value']) =>
  typeof wanted === 'number' ? Number(value) >= wanted : value === 'y' || (wanted === 'm' && value === 'm')

/**
 * What a kernel's configuration lacks for a guest to work at all, for a feature, or for a kernel module: such as
 * "CONFIG_NET_SCH_PLUG", in the order of {@link KERNEL_OPTIONS}. Empty where it lacks nothing, and where no known option
 * decides: SO_REUSEPORT has none, and a user's own case may load any module.
 *
 * @param config the configuration's text, as of .config or /boot/config-VERSION
 */
export function lacking(config: string, what: 'guest' | Feature | (string & {})): string[] {
  const set = settings(config)
  return optionsOf(config)
    .filter((option) => option.module === what || (option.for.includes(what as Feature) && !option.optional))
    .filter(({ name, or = [], value, lackingOnlyIfUnset }) =>
      lackingOnlyIfUnset
        ? config.includes(`# CONFIG_${name} is not set\n`)
        : ![name, ...or].some((each) => satisfied(set.get(each), value)),
    )
    .map(({ name, value }) => `CONFIG_${name}${typeof value === 'number' ? ` of ${value} or more` : ''}`)
}

/** The modules for cases that this configuration builds as modules rather than into the image. */
export function builtAsModules(config: string): string[] {
  const set = settings(config)
  return optionsOf(config).flatMap(({ name, module }) => (module && set.get(name) === 'm' ? [module] : []))
}

const HEADER = `\
# The options that the lab needs of a kernel, on top of its defconfig or of allnoconfig. In the kernel's tree:
#   make defconfig
#   scripts/kconfig/merge_config.sh .config lab.config && make bzImage modules
# In a tree without merge_config.sh, such as that of 2.6.32:
#   make defconfig && cat lab.config >>.config && yes '' | make oldconfig && make bzImage modules
# All options are built in, so that the bzImage alone is enough; modules work as well. merge_config.sh warns of names
# that a version does not have, and ignores them.
`

/** The comment of an option: what needs it, and why. */
function purpose(option: KernelOption): string {
  const whom = option.for.filter((what) => what !== 'guest').join(', ')
  const version = option.linux ? ` (${rangeText('Linux', option.linux)})` : ''
  return `# ${whom ? `${whom}: ` : ''}${option.why}${option.optional ? '; optional' : ''}${version}\n`
}

/** A fragment for scripts/kconfig/merge_config.sh with all options that the lab needs, each with its reason. */
export const configFragment = (): string =>
  [
    HEADER,
    ...KERNEL_OPTIONS.map((option) => `${purpose(option)}CONFIG_${option.name}=${fragmentValue(option)}\n`),
  ].join('\n')

const fragmentValue = ({ value }: KernelOption) => (typeof value === 'number' ? value : 'y')
