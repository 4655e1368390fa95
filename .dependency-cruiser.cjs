/** The house: stages meet only in cli/, pipeline/ and index.ts; a folder is entered through its index.ts. */
module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'nouns-know-nothing',
      comment: 'Nouns import only zod and each other.',
      severity: 'error',
      from: { path: '^src/nouns/' },
      to: { path: '^src/(?!nouns/)' },
    },
    {
      name: 'shared-knows-no-stage',
      severity: 'error',
      from: { path: '^src/shared/' },
      to: { path: '^src/(stages|cli|studio|pipeline)' },
    },
    {
      name: 'stages-never-meet',
      comment: 'A stage imports nouns and shared, never another stage.',
      severity: 'error',
      from: { path: '^src/stages/([^/]+)/' },
      to: { path: '^src/(stages|cli|studio|pipeline)', pathNot: '^src/stages/$1/' },
    },
    {
      name: 'engines-never-meet',
      comment:
        'A training engine knows no other: what several share is in training/ itself or, for those on this machine, in local/.',
      severity: 'error',
      from: { path: '^src/stages/training/([^/]+)/' },
      to: {
        path: '^src/stages/training/[^/]+/',
        pathNot: [
          '^src/stages/training/$1/',
          '^src/stages/training/local/index\\.ts$',
          '^src/stages/training/(local/)?testing/',
        ],
      },
    },
    {
      name: 'stages-by-the-front-door',
      comment: 'Or by its store, which is light: a command that only stores trajectories need not load every importer.',
      severity: 'error',
      from: { path: '^src/(cli|pipeline|index)' },
      to: { path: '^src/stages/[^/]+/.+', pathNot: '^src/stages/[^/]+/(store/)?index\\.ts$' },
    },
    {
      name: 'shared-by-the-front-door',
      severity: 'error',
      from: { path: '^src/(stages|cli|pipeline|index)', pathNot: '/testing/' },
      to: { path: '^src/shared/[^/]+/.+', pathNot: '^src/shared/[^/]+/index\\.ts$' },
    },
    {
      name: 'shared-by-the-front-door-in-tests',
      severity: 'error',
      from: { path: '^src/(stages|cli|pipeline)/.*/testing/' },
      to: { path: '^src/shared/[^/]+/.+', pathNot: '^src/shared/[^/]+/(testing/)?index\\.ts$' },
    },
    {
      name: 'shared-rooms-by-the-front-door',
      severity: 'error',
      from: { path: '^src/shared/([^/]+)/' },
      to: { path: '^src/shared/[^/]+/.+', pathNot: ['^src/shared/$1/', '^src/shared/[^/]+/index\\.ts$'] },
    },
    {
      name: 'nouns-by-the-front-door',
      severity: 'error',
      from: { path: '^src/(?!nouns/)' },
      to: { path: '^src/nouns/', pathNot: '^src/nouns/index\\.ts$' },
    },
    {
      name: 'no-dev-dependency',
      severity: 'error',
      from: { path: '^src/', pathNot: ['\\.test\\.ts$', '/testing/'] },
      to: { dependencyTypes: ['npm-dev'] },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '\\.test\\.ts$' },
    enhancedResolveOptions: { extensions: ['.ts', '.js'] },
  },
}
