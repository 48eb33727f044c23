import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Fault } from '../../model/fault.ts'
import { parse } from './parse.ts'
import { checkShell, requestOf, SHELL } from './shell.ts'

async function requested(...argv: string[]) {
  const parsed = await parse(SHELL, argv, checkShell, {})
  if (typeof parsed === 'string') throw new Error('help')
  return requestOf(parsed.values)
}

async function mistakes(...argv: string[]): Promise<string[]> {
  try {
    await requested(...argv)
  } catch (error) {
    assert.instance(error, Fault)
    return (error as Fault).message.split('\n')
  }
  throw new Error('no mistake')
}

test('one cell, by default that of the article without a mitigation', async () => {
  const { kernels, cases, proxies, users, rates, boots } = await requested('--kernel', '4.9')
  assert.equal([kernels, cases, proxies, users, rates, boots], [['4.9'], ['none'], null, [80], null, 1])
})

test('the load and the proxy that were asked for', async () => {
  const open = await requested('--kernel', 'host', '--case', 'fd-passing', '--rate', '500', '--haproxy', '3.0')
  assert.equal([open.cases, open.proxies, open.users, open.rates], [['fd-passing'], ['haproxy:3.0'], null, [500]])
  const limited = await requested('--kernel', 'host', '--rate', '500', '--users', '9')
  assert.equal([limited.users, limited.rates], [[9], [500]])
})

test('one of each: a guest has one kernel, proxy and load', async () => {
  assert.equal(await mistakes(), ['--kernel is missing: name the kernel to boot, for example --kernel 6.1'])
  assert.equal(await mistakes('--kernel', '5.10,6.1'), ['--kernel 5.10,6.1: expected one, as one guest is started'])
  assert.equal(await mistakes('--kernel', '6.*'), ['--kernel 6.*: expected one, as one guest is started'])
  assert.equal(await mistakes('--kernel', '6.1', '--case', '*'), ['--case *: expected one, as one guest is started'])
  assert.equal(await mistakes('--kernel', '6.1', '--users', '1', '--users', '2'), [
    '--users 1,2: expected one, as one guest is started',
  ])
  assert.equal(await mistakes('--kernel', '6.1', '--haproxy', '2.6', '--proxy', 'nginx'), [
    '--haproxy: beside --proxy; expected one of them',
  ])
})

test('a root needs no kernel: it is for the one that runs', async () => {
  assert.equal((await requested('--root', 'x')).kernels, ['host'])
  assert.equal((await requested('--root', 'x', '--kernel', '4.9')).kernels, ['4.9'])
})

test("a distribution's HAProxy: where it is to be had, and nothing that this verb has not", async () => {
  for (const option of [['--haproxy', 'distribution'] as const, ['--proxy', 'haproxy:distribution'] as const]) {
    const [mistake, ...others] = await mistakes('--kernel', '6.1', ...option)
    assert.equal(others, [])
    assert.match(
      mistake!,
      `${option.join(' ')}: only lab/run.ts uses machines of Vagrant (--guest vagrant); in one its own`,
    )
  }
  assert.match(
    (await mistakes('--kernel', 'k6-1', '--guest', 'vagrant')).join('\n'),
    '--guest vagrant: only lab/run.ts',
  )
})

test('names that do not exist, options of other verbs, and commands as words', async () => {
  assert.match((await mistakes('--kernel', '6.1', '--case', 'nonne'))[0]!, '--case nonne: no such case')
  assert.match((await mistakes('--kernel', '6.1', '--boots', '2'))[0]!, '--boots: no such option')
  for (const engine of [['--engine', 'docker'], ['--engine=docker']])
    assert.equal(await mistakes('--kernel', '6.1', ...engine), [
      `${engine[0]}: no such option; a shell opens on this machine only, and npx tsx lab/doctor.ts says what that needs`,
    ])
  assert.equal(await mistakes('--kernel', '6.1', 'reload'), [
    'reload: expected an option; commands come on standard input',
  ])
})

test.run()
