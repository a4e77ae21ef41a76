/**
 * Which way the arrows point: between the packages, between the rooms inside a package, and never in a circle.
 * Imports of types count as much as imports of values.
 */

/** The rooms of core from the lowest to the highest: a file imports its own room or one below it. */
const CORE_ROOMS = [
  'tree',
  'types',
  'expression',
  'schema',
  'statement',
  'ddl',
  'compiler',
  'execution',
  'opentelemetry',
  'zod',
]

const above = (index) => CORE_ROOMS.slice(index + 1).join('|')

const coreRooms = CORE_ROOMS.slice(0, -1).map((room, index) => ({
  name: `core-${room}-imports-nothing-above`,
  comment: `The rooms of core are stacked: ${CORE_ROOMS.join(' < ')}.`,
  severity: 'error',
  from: { path: `^packages/core/src/${room}/` },
  to: { path: `^packages/core/src/(${above(index)})/` },
}))

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-circles',
      comment: 'What two files need of each other belongs in a third.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-unresolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'core-knows-no-node',
      comment: 'core runs in browsers and workers as well.',
      severity: 'error',
      from: { path: '^packages/core/src/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'core-stands-alone',
      comment:
        'core has no dependency at run time: no package, no driver, no dialect. Only its subpaths may use what they are named after.',
      severity: 'error',
      from: { path: '^packages/core/src/' },
      to: {
        pathNot: ['^packages/core/src/', '(^|/)node_modules/(zod|@opentelemetry/api)/'],
        dependencyTypesNot: ['core'],
      },
    },
    {
      name: 'core-knows-zod-in-its-subpath-only',
      severity: 'error',
      from: { path: '^packages/core/src/', pathNot: '^packages/core/src/zod/' },
      to: { path: '(^|/)node_modules/zod/' },
    },
    {
      name: 'core-knows-opentelemetry-in-its-subpath-only',
      severity: 'error',
      from: { path: '^packages/core/src/', pathNot: '^packages/core/src/opentelemetry/' },
      to: { path: '(^|/)node_modules/@opentelemetry/' },
    },
    {
      name: 'core-errors-import-nothing',
      comment: 'Every room imports the errors, so they import no room.',
      severity: 'error',
      from: { path: '^packages/core/src/errors\\.ts$' },
      to: { path: '.' },
    },
    {
      name: 'core-rooms-do-not-import-the-index',
      comment: 'An index lists public names for the outside.',
      severity: 'error',
      from: { path: '^packages/core/src/[^/]+/' },
      to: { path: '^packages/core/src/index\\.ts$' },
    },
    ...coreRooms,
    {
      name: 'dialects-know-core-only',
      comment: 'A dialect knows nothing of migrations.',
      severity: 'error',
      from: { path: '^packages/dialects/src/' },
      to: { path: '^packages/migrate/' },
    },
    {
      name: 'one-driver-for-one-subpath',
      comment: 'A driver is an optional peer dependency: only the subpath named after it may load it.',
      severity: 'error',
      from: { path: '^packages/dialects/src/', pathNot: '^packages/dialects/src/(postgres|pglite|sqlite)/' },
      to: { path: '(^|/)node_modules/(postgres|better-sqlite3|@electric-sql)/' },
    },
    {
      name: 'dialects-are-neighbours',
      comment: 'PGlite is PostgreSQL with another driver; otherwise the dialects do not know each other.',
      severity: 'error',
      from: { path: '^packages/dialects/src/(postgres|sqlite)/' },
      to: {
        path: '^packages/dialects/src/(postgres|pglite|sqlite|conformance)/',
        pathNot: '^packages/dialects/src/$1/',
      },
    },
    {
      name: 'migrate-sqlite-is-lowest',
      comment: 'run, operations → sqlite: what a table of SQLite is changed by knows nodes alone.',
      severity: 'error',
      from: { path: '^packages/migrate/src/(sqlite|postgres)/' },
      to: { path: '^packages/migrate/src/(cli|run|history|operations|testing)/' },
    },
    {
      name: 'migrate-history-and-operations-are-below',
      comment: 'cli → run → history, operations',
      severity: 'error',
      from: { path: '^packages/migrate/src/(history|operations)/' },
      to: { path: '^packages/migrate/src/(cli|run)/' },
    },
    {
      name: 'migrate-pull-and-diagram-know-catalogs-alone',
      comment: 'cli → pull, diagram → catalog',
      severity: 'error',
      from: { path: '^packages/migrate/src/(pull|diagram)/' },
      to: {
        path: '^packages/migrate/src/[^/]+/',
        pathNot: '^packages/migrate/src/($1|catalog)/',
      },
    },
    {
      name: 'migrate-catalog-is-below',
      comment: 'cli → pull, diagram → catalog',
      severity: 'error',
      from: { path: '^packages/migrate/src/catalog/' },
      to: { path: '^packages/migrate/src/[^/]+/', pathNot: '^packages/migrate/src/catalog/' },
    },
    {
      name: 'migrate-cli-and-testing-are-on-top',
      comment: 'cli, testing → run → history, operations',
      severity: 'error',
      from: { path: '^packages/migrate/src/([^/]+)/' },
      to: { path: '^packages/migrate/src/(cli|testing)/', pathNot: '^packages/migrate/src/$1/' },
    },
    {
      name: 'packages-do-not-reach-into-each-other',
      comment: 'A package uses the public names of another.',
      severity: 'error',
      from: { path: '^packages/([^/]+)/' },
      to: {
        path: '^packages/[^/]+/src/',
        pathNot: [
          '^packages/$1/',
          '^packages/[^/]+/src/index\\.ts$',
          '^packages/[^/]+/src/[^/]+/index\\.ts$',
          '^packages/[^/]+/src/[^/]+/[^/]+/index\\.ts$',
        ],
      },
    },
    {
      name: 'no-undeclared-dependencies',
      severity: 'error',
      from: { path: '^packages/[^/]+/src/' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
  ],
  options: {
    doNotFollow: { path: ['node_modules', '/dist/'] },
    exclude: { path: ['/dist/'] },
    tsPreCompilationDeps: true,
    combinedDependencies: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
      extensions: ['.ts', '.js', '.json'],
    },
  },
}
