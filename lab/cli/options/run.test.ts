import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { PROXIES } from '../../../images/proxies/proxies.ts'
import { EXIT, Fault } from '../../model/fault.ts'
import { either } from '../../model/text/spelling.ts'
import { parseRequest, parseRun } from './run.ts'

const requested = async (...argv: string[]) => (await parseRequest(argv, {})).request

/** What is wrong with a command line, a line each. */
async function mistakes(...argv: string[]): Promise<string[]> {
  try {
    await parseRun(argv, {})
  } catch (error) {
    assert.instance(error, Fault)
    assert.is((error as Fault).exit, EXIT.usage)
    return (error as Fault).message.split('\n')
  }
  throw new Error('no mistake')
}

test('both loads and each kernel with its own proxy, by default', async () => {
  assert.equal(await requested('--kernel', '6.1'), {
    kernels: ['6.1'],
    cases: ['*'],
    proxies: null,
    accel: 'auto',
    users: null,
    rates: null,
    maxaccepts: null,
    boots: 2,
    untilSure: false,
    duration: 4,
    interval: 100,
    banner: false,
    keepAlive: null,
    fusedAck: false,
    closeWithRst: false,
    slowMs: 200,
    seed: 1,
  })
})

test('lists and repeats are one', async () => {
  assert.equal((await requested('--kernel', '5.10, 6.1', '--kernel', 'host')).kernels, ['5.10', '6.1', 'host'])
})

test('a negative number is a value, with and without "="', async () => {
  assert.equal((await requested('--kernel', '6.1', '--maxaccept', '-1')).maxaccepts, [-1])
  assert.equal((await requested('--kernel', '6.1', '--maxaccept=-1,4')).maxaccepts, [-1, 4])
})

test('loads and proxies are lists, too, and --haproxy X is --proxy haproxy:X', async () => {
  const { users, rates } = await requested('--kernel', '6.1', '--users', '1,20, 80', '--users', '20')
  assert.equal([users, rates], [[1, 20, 80], null])
  assert.equal((await requested('--kernel', '6.1', '--rate', '1.5,100')).rates, [1.5, 100])
  const proxies = ['--proxy', 'haproxy', '--proxy', 'haproxy:3.0', '--haproxy', '2.2,2.6']
  assert.equal((await requested('--kernel', '6.1', ...proxies)).proxies, ['haproxy:2.6', 'haproxy:3.0', 'haproxy:2.2'])
  assert.equal((await requested('--kernel', '6.1', '--proxy', 'nginx,haproxy,nginx:./x')).proxies, [
    'nginx:1.22',
    'haproxy:2.6',
    'nginx:./x',
  ])
})

test('with --guest vagrant a kernel is a machine', async () => {
  const vagrant = ['--guest', 'vagrant', '--kernel']
  assert.equal((await requested(...vagrant, 'k4-9,k6-1')).kernels, ['vagrant:k4-9', 'vagrant:k6-1'])
  assert.is((await parseRequest([...vagrant, 'k4-9', '--keep'], {})).keep, true)
  assert.equal(await mistakes(...vagrant, '4.9,k6-1'), [
    '--kernel 4.9: beside --guest vagrant, expected a machine of the Vagrantfile, such as k4-9',
  ])
  assert.equal(await mistakes('--kernel', '6.1', '--keep'), [
    '--keep: without --guest vagrant there is nothing to keep',
  ])
  assert.match((await mistakes('--kernel', '6.1', '--guest', 'virtualbox'))[0]!, '--guest')
})

test('the proxy of a distribution is that of a machine', async () => {
  const asked = await requested('--guest', 'vagrant', '--kernel', 'k6-1', '--haproxy', 'distribution,2.6')
  assert.equal(asked.proxies, ['haproxy:distribution', 'haproxy:2.6'])
  const expected = 'expected beside --guest vagrant, whose machines have a distribution; the lab builds its own'
  assert.equal(await mistakes('--kernel', '6.1', '--proxy', 'nginx,haproxy:distribution'), [
    `--proxy haproxy:distribution: ${expected}`,
  ])
  assert.equal(await mistakes('--kernel', '6.1', '--haproxy', 'distribution'), [`--haproxy distribution: ${expected}`])
})

test('what is not about the request stands beside it', async () => {
  const options = await parseRequest(['--kernel', '6.1', '--jobs', '3', '--no-install', '--json', '--out', 'x'], {})
  assert.equal(
    [options.jobs, options.noInstall, options.json, options.out, options.offline, options.engine],
    [3, true, true, 'x', false, 'local'],
  )
})

test('an experiment leaves open what is typed beside it: proxies, boots and duration', async () => {
  const asked = async (...argv: string[]) => {
    const { experiments, override } = await parseRequest(['--kernel', '6.1', ...argv], {})
    return { experiments, override }
  }
  assert.equal(await asked('--experiment', 'same-cpu,fused-*'), { experiments: ['same-cpu', 'fused-*'], override: {} })
  assert.equal((await asked('--experiment', 'same-cpu', '--boots', '2', '--haproxy', '3.0')).override, {
    proxies: ['haproxy:3.0'],
    boots: 2,
  })
  assert.equal((await asked('--experiment', 'same-cpu', '--proxy', 'nginx', '--duration', '4')).override, {
    proxies: ['nginx:1.22'],
    duration: 4,
  })
})

test('--help wins', async () => {
  const help = (await parseRun(['--help', '--kernel', '6.1', '--frobnicate'])) as string
  for (const option of ['--kernel', '--resume', '--json']) assert.match(help, option)
})

test('until sure boots are short and many, unless something else is asked for', async () => {
  const asked = async (...argv: string[]) => {
    const { boots, duration, untilSure } = await requested('--kernel', '6.1', ...argv)
    return [boots, duration, untilSure]
  }
  assert.equal(await asked('--until-sure'), [10, 1.5, true])
  assert.equal(await asked('--until-sure', '--boots', '4', '--duration', '3'), [4, 3, true])
})

test('a run is resumed as it was planned', async () => {
  assert.equal(await parseRun(['--resume', 'reports/x', '--jobs', '2', '--json'], {}), {
    resume: 'reports/x',
    jobs: 2,
    json: true,
  })
})

const KERNEL = ['--kernel', '6.1']
const SWARM = ['--kernel', '6.1', '--engine', 'swarm']
for (const [argv, ...expected] of [
  [[...KERNEL, '--users', '10001'], '--users "10001": expected a whole number from 1 to 10000'],
  [[...KERNEL, '--users', '1.5'], '--users "1.5": expected a whole number from 1 to 10000'],
  [[...KERNEL, '--duration', '0.5'], '--duration "0.5": expected a number from 1 to 3600'],
  [[...KERNEL, '--duration', 'nan'], '--duration "nan": expected a number from 1 to 3600'],
  [[...KERNEL, '--rate', '-5'], '--rate "-5": expected a number from 1 to 200000'],
  [[...KERNEL, '--users', '20,x'], '--users "x": expected a whole number from 1 to 10000'],
  [
    [...KERNEL, '--users', '20,80', '--rate', '5'],
    '--users: several numbers beside --rate, where one says how many connections there are at most',
  ],
  [[...KERNEL, '--keep-alive', '0'], '--keep-alive "0": expected a number from 1 to 60000'],
  [
    [...KERNEL, '--banner', '--keep-alive', '20'],
    '--banner: not beside --keep-alive, since a connection is greeted once and carries one line; run them one after the other',
  ],
  [[...KERNEL, '--boots', '0'], '--boots "0": expected a whole number from 1 to 100'],
  [
    [...KERNEL, '--proxy', 'ngnix'],
    `--proxy ngnix: no such proxy (did you mean nginx?); expected ${either(PROXIES.map(({ name }) => name))}, or with a series: haproxy:2.6`,
  ],
  [
    [...KERNEL, '--proxy', 'nginx:1.0'],
    '--proxy nginx:1.0: no such series; choose from 1.18, 1.22, 1.26, 1.30, or the path of a static binary',
  ],
  [
    [...KERNEL, '--proxy', 'haproxy:2.7'],
    '--proxy haproxy:2.7: no such series; choose from 1.5, 1.7, 1.8, 2.2, 2.6, 3.0, 3.2, 3.4, or the path of a static binary',
  ],
  [[...KERNEL, '--jobs', '0'], '--jobs "0": expected a whole number from 1 to 256'],
  [[...KERNEL, '--accel', 'hvf'], '--accel "hvf": expected auto, kvm or tcg'],
  [[...KERNEL, '--seed', '1e3'], '--seed "1e3": expected a whole number from 0 to 4294967295'],
  [[...KERNEL, '--out', ''], '--out "": expected a directory'],
  [[...KERNEL, '--mirror', 'nowhere'], '--mirror "nowhere": expected a URI that begins with http:, https: or file:'],
  [[...KERNEL, '--keyring', ''], '--keyring "": expected a file with public keys'],
  [['--kernel', ''], '--kernel "": expected a name, or several between commas'],
  [['--kernel', '6.1,,5.10'], '--kernel "6.1,,5.10": expected a name, or several between commas'],
  [['--kernel'], '--kernel is given without a value'],
  [['--kernel', '--json'], '--kernel is given without a value'],
  [[...KERNEL, '--json=yes'], '--json takes no value, and "yes" is given'],
  [[...KERNEL, '--usres', '5'], '--usres: no such option (did you mean --users?)'],
  [[...KERNEL, '-h'], '-h: no such option (did you mean --haproxy or --help?)'],
  [['-kernel', '6.1'], '-kernel: no such option (did you mean --kernel?)'],
  [['--kernal=6.1'], '--kernal=6.1: no such option (did you mean --kernel?)'],
  [[], '--kernel is missing: name the kernel to measure, for example --kernel 6.1'],
  [['6.1'], '6.1: expected an option: did you mean --kernel 6.1?'],
  [[...KERNEL, 'host'], 'host: expected an option: did you mean --kernel host?'],
  [[...KERNEL, 'fd-passing'], 'fd-passing: expected an option: did you mean --case fd-passing?'],
  [[...KERNEL, 'stray'], 'stray: expected an option, such as --kernel 6.1'],
  [
    ['--kernel', '6.1,~/linux'],
    '--kernel ~/linux: no such file or directory: a shell expands ~ at the beginning of a word only',
  ],
  [['--kernel', './no/such'], '--kernel ./no/such: no such file or directory'],
  [
    [...KERNEL, '--haproxy', '2.7'],
    '--haproxy 2.7: no such series; choose from 1.5, 1.7, 1.8, 2.2, 2.6, 3.0, 3.2, 3.4, or the path of a static binary',
  ],
  [
    [...KERNEL, '--experiment', 'fused-ak'],
    '--experiment fused-ak: no such experiment (did you mean fused-ack?); expected one of npx tsx lab/list.ts experiments',
  ],
  [
    [...KERNEL, '--experiment', 'fused-ack', '--users', '20', '--case', 'none', '--slow', '100'],
    ...['--users', '--case'].map(
      (flag) =>
        `${flag}: beside --experiment, which says which cases, loads and pauses it is made of; what it leaves open: --proxy, --boots, --duration`,
    ),
  ],
  [[...KERNEL, 'same-cpu'], 'same-cpu: expected an option: did you mean --case same-cpu?'],
  [[...KERNEL, 'load-sweep'], 'load-sweep: expected an option: did you mean --experiment load-sweep?'],
  [['--resume', ''], '--resume "": expected the folder of a run'],
  [['--kernel', '6.1', '--engine', 'podman'], '--engine "podman": expected local, docker or swarm'],
  [['--kernel', '6.1', '--engine', 'swram'], '--engine "swram": expected local, docker or swarm (did you mean swarm?)'],
  [
    ['--kernel', '6.1,host', '--engine', 'docker'],
    '--kernel host: not beside --engine docker, whose containers may make no namespaces; expected kernels in virtual machines, such as --kernel 6.1, or --engine local',
  ],
  [
    ['--kernel', '6.1', '--engine', 'swarm', '--accel', 'kvm'],
    '--accel kvm: not beside --engine swarm, as Swarm gives no device to a service; expected auto or tcg, or --engine docker on each machine, with --shard',
  ],
  [
    ['--kernel', '6.1', '--registry', '10.0.0.1:5000'],
    '--registry: only beside --engine swarm, whose nodes fetch the image of the lab from it',
  ],
  ...['http://10.0.0.1:5000', 'hitless', 'registry:5000/lab', ''].map((registry): [string[], string] => [
    ['--kernel', '6.1', '--engine', 'swarm', '--registry', registry],
    `--registry ${JSON.stringify(registry)}: expected HOST:PORT of a registry, such as 10.0.0.1:5000`,
  ]),
  [
    ['--resume', 'x', '--kernel', '6.1', '--jobs', '257'],
    '--kernel: beside --resume only --jobs and --json; the rest is saved with the run',
    '--jobs "257": expected a whole number from 1 to 256',
  ],
] as [string[], ...string[]][])
  test(`refused: ${argv.map((word) => word || "''").join(' ')}`, async () => {
    assert.equal(await mistakes(...argv), expected)
  })

test('a Swarm, and where its nodes fetch the image', async () => {
  for (const registry of ['10.0.0.1:5000', 'registry:5000', 'localhost', 'registry.example.org'])
    assert.is((await parseRequest([...SWARM, '--registry', registry])).registry, registry)
  const { registry, jobs } = await parseRequest(SWARM)
  assert.equal([registry, jobs], [undefined, undefined], 'the engine says how many boots run side by side')
})

test('all mistakes at once', async () => {
  const found = await mistakes(
    ...[
      '--kernel',
      '6.1,bookwrm,(',
      '--case',
      '(,syn-blok',
      '--users',
      '0',
      '--frobnicate',
      '--duration=nan',
      '--out',
      '',
    ],
  )
  const begin = [
    '--frobnicate: no such option; choose from --kernel,',
    '--users "0": expected',
    '--duration "nan": expected',
    '--out "": expected',
    '--kernel bookwrm: no such kernel (did you mean bookworm?); expected one of npx tsx lab/list.ts kernels (2.6.32,',
    '--kernel (: no such kernel; expected one of npx tsx lab/list.ts kernels (2.6.32,',
    '--case (: no such case; expected one of npx tsx lab/list.ts cases,',
    '--case syn-blok: no such case (did you mean syn-block?); expected one of npx tsx lab/list.ts cases,',
  ]
  for (const mistake of begin)
    assert.ok(
      found.some((line) => line.startsWith(mistake)),
      `${mistake}\n${found.join('\n')}`,
    )
  assert.is(found.length, begin.length)
  assert.not.match(found.join('\n'), /Invalid|received/)
})

test('the folder of a run without --resume', async () => {
  const scratch = mkdtempSync(join(tmpdir(), 'hitless-test-'))
  try {
    mkdirSync(join(scratch, 'run'))
    writeFileSync(join(scratch, 'run/plan.json'), '{}')
    assert.match((await mistakes(join(scratch, 'run'))).join(), `did you mean --resume ${scratch}/run?`)
  } finally {
    rmSync(scratch, { recursive: true })
  }
})

test.run()
