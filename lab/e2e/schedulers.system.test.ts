import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parse } from 'yaml'
import { parseRequest } from '../cli/options/run.ts'
import { newRun } from './harness.ts'

// What the lab's README and the workflow give to schedulers, as far as it can be had without one: it is read as they
// read it, and its commands run in a shell with the variables that they set, and programs that tell what they were asked for.

const readme = readFileSync('lab/README.md', 'utf8')
const block = (language: string, beginning: string) =>
  [...readme.matchAll(new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``, 'g'))].find(([, text]) =>
    text!.startsWith(beginning),
  )![1]!
const workflow = parse(readFileSync('.github/workflows/matrix.yml', 'utf8'))
const job = parse(block('yaml', 'apiVersion: batch/v1'))

/** A folder with programs of these names, each a shell script. */
function programs(scripts: Record<string, string>): string {
  const bin = newRun()
  mkdirSync(bin, { recursive: true })
  for (const [name, script] of Object.entries(scripts))
    writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
  return bin
}

/** Runs a script with such variables, in an empty folder unless another is given. @returns its status, and the arguments of the lab's verb */
function run(script: string, env: Record<string, string>, ends = 0, cwd = programs({})) {
  const tells = `printf '%s\\n' "$@"\nexit ${ends}`
  const bin = programs({ npx: tells, node: tells })
  const path = `${bin}:${process.env.PATH}`
  const { status, stdout } = spawnSync('sh', ['-e', '-c', script], {
    encoding: 'utf8',
    cwd,
    env: { ...env, PATH: path },
  })
  const told = stdout.trimEnd().split('\n')
  const verb = told.indexOf('lab/run.ts')
  // The lab's image has node alone.
  assert.ok(['tsx', '--import tsx'].includes(told.slice(0, verb).join(' ')), stdout)
  return { status, args: told.slice(verb + 1) }
}

const step = (name: string, of: string): string =>
  workflow.jobs[of].steps.find((one: { name?: string }) => one.name === name).run
const matrix: number[] = workflow.jobs.shard.strategy.matrix.shard
const [container] = job.spec.template.spec.containers

/** How each scheduler runs its jobs: the script, and what it sets for the first, the second and so on. */
const SCHEDULERS: Record<
  string,
  { script: (n: number) => string; env: (n: number) => Record<string, string>; jobs: number[] }
> = {
  GitHub: {
    script: (n) =>
      step('Measure', 'shard')
        .replaceAll('${{ matrix.shard }}', `${n}`)
        .replaceAll('${{ strategy.job-total }}', `${matrix.length}`),
    env: () => ({
      KERNEL: workflow.on.workflow_dispatch.inputs.kernel.default,
      CASE: workflow.on.workflow_dispatch.inputs.case.default,
    }),
    jobs: matrix,
  },
  Slurm: {
    script: () => block('sh', '#!/bin/sh'),
    env: (n) => ({ SLURM_ARRAY_TASK_ID: `${n}`, SLURM_ARRAY_TASK_COUNT: `${jobsOfArray().length}` }),
    jobs: jobsOfArray(),
  },
  Kubernetes: {
    script: () => container.args[0],
    env: (n) => ({ JOB_COMPLETION_INDEX: `${n}` }),
    jobs: Array.from({ length: job.spec.completions }, (_, i) => i),
  },
}

function jobsOfArray(): number[] {
  const [, from, to] = /^#SBATCH .*--array=(\d+)-(\d+)/m.exec(block('sh', '#!/bin/sh'))!.map(Number) as [
    number,
    number,
    number,
  ]
  return Array.from({ length: to - from + 1 }, (_, i) => from + i)
}

for (const [name, { script, env, jobs }] of Object.entries(SCHEDULERS))
  test(`${name}: its jobs are the shards of one run, each once, in a folder of its own`, async () => {
    const asked = await Promise.all(jobs.map((n) => parseRequest(run(script(n), env(n)).args, {})))
    const expected = jobs.map((_, i) => ({ index: i + 1, of: jobs.length }))
    assert.equal(
      asked.map(({ shard }) => shard),
      expected,
    )
    assert.is(new Set(asked.map(({ out }) => out)).size, jobs.length)
    assert.ok(asked.every(({ out }, i) => out!.endsWith(`reports/shard-${i + 1}`)))
    assert.is(new Set(asked.map(({ request }) => JSON.stringify(request))).size, 1)
  })

test('where it would be run again or be red, a cell that is not as expected is no failure, and everything else is', () => {
  for (const { script, env, jobs } of Object.values(SCHEDULERS))
    for (const [ends, status] of [
      [0, 0],
      [1, 0],
      [3, 1],
      [4, 1],
    ] as const)
      assert.is(run(script(jobs[0]!), env(jobs[0]!), ends).status, status)
})

test('the last job compares what the others have kept', () => {
  const { shard, compare } = workflow.jobs
  const using = (of: { steps: { uses?: string; with: Record<string, string> }[] }, action: string) =>
    of.steps.find(({ uses }) => uses?.startsWith(`actions/${action}@`))!.with
  const kept = using(shard, 'upload-artifact')
  assert.equal([kept.name, kept.path], ['shard-${{ matrix.shard }}', 'reports/shard-${{ matrix.shard }}'])
  const taken = using(compare, 'download-artifact')
  assert.equal([taken.pattern, taken.path], ['shard-*', 'reports'])
  assert.is(step('Put the shards together', 'compare'), 'npx tsx lab/compare.ts reports/shard-* --out reports/matrix')
  assert.is(compare.needs, 'shard')
})

test('in Kubernetes a shard that fails ends no other one, and the limits are no quota of CPU time', () => {
  const { completionMode, backoffLimitPerIndex, backoffLimit, template } = job.spec
  assert.equal([completionMode, backoffLimitPerIndex, backoffLimit], ['Indexed', 0, undefined])
  assert.is(container.resources.limits.cpu, undefined)
  const [{ labelSelector }] = template.spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution
  assert.equal(labelSelector.matchLabels, template.metadata.labels)
})

test('a task of Slurm that is requeued resumes what it began', () => {
  const { script, env } = SCHEDULERS.Slurm!
  const folder = programs({})
  const shard = join(folder, 'reports', 'shard-3')
  mkdirSync(shard, { recursive: true })
  const args = () => run(script(3), env(3), 0, folder).args
  assert.ok(args().includes('--shard'), 'what has no plan yet begins anew')
  writeFileSync(join(shard, 'plan.json'), '{}')
  assert.equal(args(), ['--resume', 'reports/shard-3'])
})

test('by ssh each machine measures a shard of its own, which is copied from there', async () => {
  const hosts = ['one', 'two', 'three']
  const folder = programs({ hosts: '' })
  writeFileSync(join(folder, 'hosts'), `${hosts.join('\n')}\n`)
  mkdirSync(join(folder, 'hitless'))
  const told = join(folder, 'told')
  const bin = programs({
    ssh: 'shift; export HOST="$1"; shift; exec sh -c "$*"',
    scp: `echo "scp $*" >> ${told}`,
    npx: `echo "\${HOST-here} $*" >> ${told}`,
  })
  const env = { PATH: `${bin}:${process.env.PATH}` }
  const { status, stderr } = spawnSync('sh', ['-e', '-c', block('sh', 'set -- $(cat hosts)')], {
    ...{ cwd: folder, encoding: 'utf8', env },
  })
  assert.is(status, 0, stderr)
  const lines = readFileSync(told, 'utf8').trimEnd().split('\n')
  for (const [i, host] of hosts.entries()) {
    const measured = lines.slice(0, 3).find((line) => line.startsWith(`${host} tsx lab/run.ts `))!
    const { shard, out } = await parseRequest(measured.split(' ').slice(3), {})
    assert.equal(shard, { index: i + 1, of: 3 })
    assert.ok(out!.endsWith(`reports/shard-${i + 1}`))
    assert.is(lines[3 + i], `scp -qr ${host}:hitless/reports/shard-${i + 1} reports/`)
  }
  assert.is(lines.length, 7)
  assert.match(lines[6]!, 'here tsx lab/compare.ts reports/shard-')
})

test.run()
