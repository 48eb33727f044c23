import { readFileSync } from 'node:fs'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { glob } from 'zx'
import { builtinCases } from '../../cases/load.ts'
import { PROBES } from '../../cases/probes.ts'
import { FEATURES } from '../../lab/model/case/case.ts'
import { older } from '../../lab/model/text/range.ts'
import { cacheRoot } from '../cache/cache.ts'
import { builtAsModules, configFragment, lacking } from './config.ts'
import { KERNEL_OPTIONS } from './options.ts'

const ALL = ['guest', ...FEATURES, ...KERNEL_OPTIONS.flatMap(({ module }) => (module ? [module] : []))]
const header = (version: string) =>
  `#\n# Automatically generated file; DO NOT EDIT.\n# Linux/x86 ${version} Kernel Configuration\n#\n`
const OLD_HEADER =
  "#\n# Automatically generated make config: don't edit\n# Linux kernel version: 2.6.32.9\n# Sun Nov 22 18:54:46 2026\n#\n"
/** A configuration that has all that the lab needs, by every name. */
const whole = (version = '6.1.192') => header(version) + configFragment()
const without = (config: string, option: string) =>
  config.replace(new RegExp(`^CONFIG_${option}=.*$`, 'm'), `# CONFIG_${option} is not set`)
const asModule = (config: string, option: string) => config.replace(`CONFIG_${option}=y`, `CONFIG_${option}=m`)

test('a kernel with the whole fragment lacks nothing', () => {
  for (const version of ['3.9.6', '4.9.115', '4.11', '5.10.262', '6.1.192', '7.2.13', '7.3.4'])
    for (const what of ALL) assert.equal(lacking(whole(version), what), [], `${version}: ${what}`)
  for (const what of ALL) assert.equal(lacking(OLD_HEADER + configFragment(), what), [], `2.6.32: ${what}`)
})

test('an empty configuration lacks something for everything that needs an option', () => {
  // These come with the kernel's version, not with an option; BPF can be classic BPF.
  const undecided = ['reuseport', 'reuseport-bpf', 'migration']
  const ofOlder = ['xt_MARK', 'nft_meta', 'nft_counter']
  for (const what of ALL.filter((what) => !ofOlder.includes(what))) {
    const found = lacking(header('6.1.192'), what)
    assert.is(found.length === 0, undecided.includes(what), `${what}: ${found}`)
  }
})

test('names what a feature lacks, and what a module', () => {
  const config = without(whole(), 'NET_SCH_PLUG')
  assert.equal(lacking(config, 'plug-qdisc'), ['CONFIG_NET_SCH_PLUG'])
  assert.equal(lacking(config, 'sch_plug'), ['CONFIG_NET_SCH_PLUG'])
  assert.equal(lacking(config, 'sch_prio'), [])
  assert.equal(lacking(config, 'guest'), [])
  assert.equal(lacking(config, 'a_module_of_mine'), [])
})

test('a module is enough for a feature, but not for what a guest must have built in', () => {
  assert.equal(lacking(asModule(whole(), 'NET_SCH_PLUG'), 'plug-qdisc'), [])
  assert.equal(lacking(asModule(whole(), 'PACKET'), 'guest'), [])
  assert.equal(lacking(asModule(whole(), 'SERIAL_8250'), 'guest'), ['CONFIG_SERIAL_8250'])
})

test('uses the name that an option has in the version', () => {
  const kprobes = (version: string) =>
    lacking(without(without(whole(version), 'KPROBE_EVENT'), 'KPROBE_EVENTS'), 'kprobes')
  assert.equal(kprobes('4.9.320'), ['CONFIG_KPROBE_EVENT'])
  assert.equal(kprobes('4.11'), ['CONFIG_KPROBE_EVENTS'])
  const marks = (head: string) =>
    lacking(
      without(without(head + configFragment(), 'NETFILTER_XT_MARK'), 'NETFILTER_XT_TARGET_MARK'),
      'iptables-mangle',
    )
  assert.equal(marks(OLD_HEADER), ['CONFIG_NETFILTER_XT_TARGET_MARK'])
  assert.equal(marks(header('3.2.102')), ['CONFIG_NETFILTER_XT_MARK'])
  const sysctl = (version: string) => lacking(without(without(whole(version), 'PROC_SYSCTL'), 'SYSCTL'), 'guest')
  assert.equal(sysctl('7.2.13'), ['CONFIG_PROC_SYSCTL'])
  assert.equal(sysctl('7.3.4'), ['CONFIG_SYSCTL'])
})

test('does not blame the configuration for what the version never had', () => {
  assert.equal(lacking(without(OLD_HEADER + configFragment(), 'NET_SCH_PLUG'), 'plug-qdisc'), [])
  assert.equal(lacking(without(configFragment(), 'NET_SCH_PLUG'), 'plug-qdisc'), [], 'nor when the version is unknown')
})

test('the legacy interface of iptables counts only where the kernel has the option', () => {
  const silent = whole().replace(/^CONFIG_(NETFILTER_XTABLES|IP_NF_IPTABLES)_LEGACY=y$/gm, '')
  assert.equal(lacking(silent, 'iptables'), [])
  assert.equal(lacking(without(whole('6.18.44'), 'NETFILTER_XTABLES_LEGACY'), 'iptables'), [
    'CONFIG_NETFILTER_XTABLES_LEGACY',
  ])
})

test('accepts alternatives, and numbers that are high enough', () => {
  assert.equal(lacking(without(whole(), 'ACPI'), 'guest'), ['CONFIG_ACPI'])
  assert.equal(lacking(`${without(whole(), 'ACPI')}CONFIG_X86_MPPARSE=y\n`, 'guest'), [])
  const uarts = (count: number) => lacking(whole().replace(/NR_UARTS=\d+/, `NR_UARTS=${count}`), 'guest')
  assert.equal(uarts(32), [])
  assert.equal(uarts(1), ['CONFIG_SERIAL_8250_NR_UARTS of 2 or more'])
})

test('lists the modules that a kernel has beside its image', () => {
  assert.equal(builtAsModules(whole()), [])
  assert.equal(builtAsModules(asModule(asModule(whole(), 'IP_NF_FILTER'), 'PACKET')), ['af_packet', 'iptable_filter'])
})

test('the fragment sets each option once, under a comment', () => {
  const lines = configFragment().split('\n')
  const set = lines.filter((line) => line.startsWith('CONFIG_'))
  assert.is(new Set(set).size, KERNEL_OPTIONS.length)
  for (const line of set) assert.match(lines[lines.indexOf(line) - 1]!, /^# \S/)
  assert.ok(configFragment().includes('CONFIG_SERIAL_8250_NR_UARTS=2\n'))
  for (const how of ['defconfig', 'merge_config.sh', 'make oldconfig']) assert.match(configFragment(), how)
  assert.ok(lines.every((line) => line === '' || line.startsWith('#') || /^CONFIG_\w+=(y|\d+)$/.test(line)))
})

test('knows the option of every module that a probe or a case of the lab loads', async () => {
  const needed = (await builtinCases()).flatMap(({ needs }) => needs?.modules ?? [])
  const modules = [...needed, ...Object.values(PROBES).flatMap((probe) => probe.modules)]
  const known = new Set(KERNEL_OPTIONS.map(({ module }) => module))
  assert.ok(modules.length > 0)
  assert.equal(
    modules.filter((module) => !known.has(module)),
    [],
  )
})

// Not what users unpacked from packages of their own. Before 4.9 Debian left some of it out, such as KPROBE_EVENT.
const isDebian = (path: string) => /kernels\/([\d.]+)[^/]*-amd64-\w{12}\/config$/.exec(path)
const fetched = (await glob('kernels/*/files/config', { cwd: cacheRoot(), absolute: true }).catch(() => [])).filter(
  (path) => isDebian(path) && !older(isDebian(path)![1]!, '4.9'),
)
if (fetched.length === 0) test.skip("Debian's kernels lack nothing: none is in the cache", () => {})
for (const path of fetched)
  test(`Debian's ${path.split('/').at(-2)} lacks nothing`, () => {
    const config = readFileSync(path, 'utf8')
    for (const what of ['guest', ...FEATURES]) assert.equal(lacking(config, what), [], what)
    assert.ok(builtAsModules(config).includes('iptable_filter'))
  })

test.run()
