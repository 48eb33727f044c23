// Which way the imports go. `npm run check` runs it: an arrow that runs up, or a circle, fails there and in CI.
//
//   verbs (lab/*.ts) → cli, prepare, engine, saved → guest → images → model
//   plan, cases → model        render → measure → model

const TEST = '\\.test\\.ts$|/fixtures?(/|\\.)'

/** Files below `from` import what matches `to`, node's own and packages, and nothing else of the lab. */
const only = (name, from, to, comment) => ({
  name,
  severity: 'error',
  comment,
  from: { path: `^${from}`, pathNot: TEST },
  to: { path: '^(lab|images|cases)/', pathNot: [`^${from}`, ...to.map((part) => `^${part}`)] },
})

module.exports = {
  forbidden: [
    { name: 'no-circle', severity: 'error', from: {}, to: { circular: true } },
    { name: 'nothing-imports-a-verb', severity: 'error', from: {}, to: { path: '^lab/[^/]+\\.ts$' } },
    { name: 'nothing-imports-a-test', severity: 'error', from: {}, to: { path: '\\.test\\.ts$' } },
    only('model-is-a-leaf', 'lab/model/', [], 'Values and their schemas: everything may import them, they import nothing.'),
    only('plan-is-pure', 'lab/plan/', ['lab/model/'], 'It downloads, compiles and boots nothing.'),
    only('measure-is-pure', 'lab/measure/', ['lab/model/'], 'Numbers are a pure function of saved events.'),
    only('render-is-pure', 'lab/render/', ['lab/model/', 'lab/measure/'], 'Reports are a pure function of results.'),
    only('cases-are-data', 'cases/', ['lab/model/']),
    only('images-know-no-lab', 'images/', ['lab/model/'], 'What a guest is made of does not know who uses it.'),
    only('guest', 'lab/guest/', ['lab/model/', 'images/', 'cases/probes']),
    only('engine', 'lab/engine/', ['lab/model/', 'lab/guest/', 'images/']),
    only('prepare', 'lab/prepare/', ['lab/model/', 'lab/guest/', 'lab/plan/', 'lab/measure/', 'images/', 'cases/']),
    only('cli', 'lab/cli/', ['lab/model/', 'lab/render/terminal/fit', 'images/', 'cases/'], 'It reads command lines and does none of the work.'),
    {
      name: 'parts-of-verbs',
      severity: 'error',
      comment: 'What a verb is made of is for verbs.',
      from: { path: '^(lab|images|cases)/', pathNot: `^lab/[^/]+\\.ts$|^lab/(run|list|doctor|verify|shell|worker|test|bench|sabotage|fuzz|e2e)/|${TEST}` },
      to: { path: '^lab/(run|list|doctor|verify|shell|worker|test|bench)/' },
    },
    only('saved', 'lab/saved/', ['lab/model/', 'lab/measure/', 'lab/render/facts/', 'images/', 'cases/']),
    { name: 'declared-packages', severity: 'error', from: {}, to: { dependencyTypes: ['npm-no-pkg', 'unknown', 'undetermined'] } },
    {
      name: 'no-dev-package-in-the-lab',
      severity: 'error',
      from: { pathNot: TEST },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default', 'types'] },
  },
}
