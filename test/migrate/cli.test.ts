import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Outcome, runCommand } from './command-line.js'
import { temporaryDirectory } from './databases.js'
import { install } from './installation.js'

const root = temporaryDirectory()
let bin: string
beforeAll(async () => {
  bin = await install(root)
})
let count = 0
let cwd: string
beforeEach(() => {
  cwd = join(root, `project ${count++}`)
  mkdirSync(cwd)
})

/** The command within this process. */
const espalier = (...args: string[]) => runCommand(cwd, args)

/** The command in a process of its own, as a shell runs it. */
function spawned(...args: string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(process.execPath, [bin, ...args], { cwd }, (error, out, err) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err }),
    )
  })
}

const revisionFiles = () =>
  readdirSync(join(cwd, 'migrations'))
    .filter((name) => name.endsWith('.ts'))
    .sort()

/** Fills the newest revision. */
function fill(imports: string, up: string): void {
  const file = join(cwd, 'migrations', revisionFiles().at(-1) as string)
  const text = readFileSync(file, 'utf8')
  writeFileSync(file, `${imports}\n${text.replace('up: []', `up: [${up}]`)}`)
}

async function project(): Promise<void> {
  await espalier('init', '--database', 'sqlite')
  const config = join(cwd, 'espalier.config.ts')
  const file = JSON.stringify(join(cwd, 'app.db'))
  writeFileSync(config, readFileSync(config, 'utf8').replace(/sqlite\(process.*\)/, `sqlite(${file})`))
}

const createItems = [
  `import { table, integer, text } from '@espalier/core'\nimport { createTable } from '@espalier/migrate'\nconst items = table('items', { id: integer().primaryKey(), name: text() })`,
  'createTable(items)',
] as const

describe('espalier', () => {
  it('goes from nothing to a migrated database and back, as a shell runs it', async () => {
    const init = await spawned('init', '--database', 'sqlite', '--json')
    expect(init).toMatchObject({ code: 0, err: '' })
    expect(JSON.parse(init.out)).toEqual({
      config: join(cwd, 'espalier.config.ts'),
      directory: join(cwd, 'migrations'),
      database: 'sqlite',
    })

    const first = await spawned('revision', '-m', 'Créate the items!')
    expect(first).toMatchObject({ code: 0, err: '' })
    expect(revisionFiles()).toEqual([expect.stringMatching(/^\d{8}T\d{6}_create_the_items\.ts$/)])
    fill(...createItems)

    const upgrade = await spawned('upgrade')
    expect(upgrade).toMatchObject({ code: 0, err: '' })
    expect(upgrade.out).toMatch(
      /^applying ([0-9a-f]{8}) Créate the items! \(1 of 1\)\n {2}create table items\n {2}done in \d+ ms\nThe database is at \1\.\n$/,
    )
    const current = await spawned('current')
    expect(current.out).toMatch(/^[0-9a-f]{8} Créate the items!\n1 applied, 0 pending\n$/)
    const history = await spawned('history', '--json')
    expect(JSON.parse(history.out)).toMatchObject([
      { message: 'Créate the items!', isHead: true, edited: false },
    ])

    const downgrade = await spawned('downgrade', '-1')
    expect(downgrade).toMatchObject({ code: 0, err: '' })
    expect(downgrade.out).toContain('No revision is applied.')
    expect(await spawned('downgrade', '-1')).toMatchObject({
      code: 1,
      out: '',
      err: "error: '-1' asks for 1 revision downwards, and there is none.\n",
    })
    expect(await spawned('nonsense')).toEqual({
      code: 2,
      out: '',
      err: "error: unknown command 'nonsense'\n",
    })
  })
})

describe('espalier init', () => {
  it('writes a configuration for a database, and never over one', async () => {
    expect(await espalier('init', 'db/steps', '-d', 'postgres')).toMatchObject({ code: 0 })
    const config = readFileSync(join(cwd, 'espalier.config.ts'), 'utf8')
    expect(config).toContain("import { postgres } from '@espalier/dialects/postgres'")
    expect(config).toContain("directory: 'db/steps'")
    expect(existsSync(join(cwd, 'db/steps'))).toBe(true)
    const again = await espalier('init')
    expect(again.code).toBe(1)
    expect(again.err).toMatch(/espalier\.config\.ts exists already; nothing was changed/)
    expect(readFileSync(join(cwd, 'espalier.config.ts'), 'utf8')).toBe(config)
  })
})

describe('what the command writes', () => {
  it('type-checks', async () => {
    await espalier('init', '--database', 'sqlite')
    await espalier('revision', '-m', "it's first")
    await espalier('revision', '-m', 'second')
    fill(...createItems)
    const workspace = fileURLToPath(new URL('../..', import.meta.url))
    const tsconfig = {
      extends: join(workspace, 'tsconfig.base.json'),
      compilerOptions: { types: ['node'], typeRoots: [join(workspace, 'test/node_modules/@types')] },
      include: ['**/*.ts'],
    }
    writeFileSync(join(cwd, 'package.json'), '{ "type": "module" }')
    writeFileSync(join(cwd, 'tsconfig.json'), JSON.stringify(tsconfig))
    const compiler = dirname(createRequire(import.meta.url).resolve('typescript-7/package.json'))
    const output = await new Promise((resolve) => {
      execFile(process.execPath, [join(compiler, 'bin/tsc'), '-p', cwd], (_error, out) => resolve(out))
    })
    expect(output).toBe('')
  })
})

describe('espalier revision', () => {
  it('builds on the head, and takes any message', async () => {
    await project()
    const made: { id: string; parents: string[] }[] = []
    for (const message of ['first', "it's `${x}` \\ \n */ -- \u2028 'quoted'", '日本語']) {
      const { code, out, err } = await espalier('revision', '--json', '-m', message)
      expect({ code, err }).toEqual({ code: 0, err: '' })
      made.push(JSON.parse(out))
    }
    expect(made.map(({ parents }) => parents)).toEqual([[], [made[0]?.id], [made[1]?.id]])
    expect(revisionFiles().some((name) => name.endsWith('_revision.ts'))).toBe(true)
    const history = JSON.parse((await espalier('history', '--json')).out) as { message: string }[]
    expect(history.map(({ message }) => message)).toContain("it's `${x}` \\ \n */ -- \u2028 'quoted'")
  })

  it('asks for parents where there are several heads', async () => {
    await project()
    const ids: string[] = []
    for (const parents of [[], [], ['-p', '0'], ['-p', '0']]) {
      const options = parents.length === 0 ? [] : ['--parents', ids[0] as string]
      ids.push(JSON.parse((await espalier('revision', '--json', '-m', `m${ids.length}`, ...options)).out).id)
    }
    const refused = await espalier('revision', '-m', 'x')
    expect(refused).toMatchObject({ code: 1, out: '' })
    expect(refused.err).toMatch(/There are 3 heads/)
    const heads = ids.slice(1)
    const merge = await espalier('revision', '-m', 'merge', '--json', '--parents', ...heads)
    expect(JSON.parse(merge.out).parents).toEqual(heads)
  })
})

describe('espalier upgrade', () => {
  it('shows the SQL instead of running it', async () => {
    await project()
    await espalier('revision', '-m', 'items')
    fill(...createItems)
    const script = await espalier('upgrade', '--sql')
    expect(script.code).toBe(0)
    expect(script.out).toContain('create table "items" ("id" integer not null, "name" text, ')
    expect(script.out).toMatch(/^begin immediate;$/m)
    expect(script.out).toMatch(/^commit;$/m)
    const plan = await espalier('upgrade', '--dry-run')
    expect(plan.code).toBe(0)
    expect(plan.out).toMatch(
      /^1\. apply [0-9a-f]{8} items\n {3}create table items\n {5}create table "items" \(.*\);\nNothing was run\.\n$/,
    )
    expect(JSON.parse((await espalier('upgrade', '--dry-run', '--json')).out)).toMatchObject({
      direction: 'up',
      revisions: [
        {
          message: 'items',
          reversible: true,
          operations: [{ kind: 'createTable', description: 'create table items', isCode: false }],
        },
      ],
    })
    expect((await espalier('current')).out).toBe('0 applied, 1 pending\n')
    await espalier('upgrade')
    expect((await espalier('upgrade', '--sql')).out).toBe('-- nothing to do\n')
    expect((await espalier('downgrade', 'base', '--dry-run')).out).toContain('drop table "items"')
    expect((await espalier('upgrade')).out).toMatch(/^Nothing to do\. The database is at [0-9a-f]{8}\.\n$/)
  })

  it('answers in JSON, and reports failures so', async () => {
    await project()
    await espalier('revision', '-m', 'items')
    fill(...createItems)
    const { out, err } = await espalier('upgrade', '--json')
    expect(err).toBe('')
    expect(JSON.parse(out)).toMatchObject({
      direction: 'up',
      revisions: [{ message: 'items', operations: 1 }],
      edited: [],
    })

    await espalier('revision', '-m', 'again')
    fill(...createItems)
    const failed = await espalier('upgrade', '--json')
    expect(failed).toMatchObject({ code: 1, out: '' })
    expect(JSON.parse(failed.err)).toMatchObject({
      error: {
        code: 'operation_failed',
        operation: 1,
        description: 'create table items',
        file: join(cwd, 'migrations', revisionFiles()[1] as string),
        sql: expect.stringContaining('create table "items"'),
        message: expect.stringContaining('already exists'),
      },
    })
    const plain = await espalier('upgrade')
    expect(plain.err).toMatch(
      /^error: Revision '[0-9a-f]{8}' in \S+_again\.ts, operation 1 of 1 \(create table items\) failed: /,
    )
    expect(plain.err).not.toMatch(/\n\s+at /)
    expect((await espalier('upgrade', '--debug')).err).toMatch(/\n\s+at [\s\S]*caused by [\s\S]*\n\s+at /)
    expect((await espalier('current')).out).toContain('1 applied, 1 pending')
  })

  it('warns of what was edited', async () => {
    await project()
    await espalier('revision', '-m', 'one')
    await espalier('upgrade')
    fill('', 'sql.statement`select 1`')
    fill("import { sql } from '@espalier/core'", '')
    const { code, out, err } = await espalier('upgrade')
    expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining('Nothing to do') })
    expect(err).toMatch(
      /^warning: revision ([0-9a-f]{8}) is not what it was when it was applied; .*"espalier accept \1"\.\n$/,
    )
    expect((await espalier('history')).out).toMatch(/one \(head, current, edited since\)\n$/)
  })
})

describe('what is wrong', () => {
  it.each([
    [['downgrade'], /^error: missing required argument 'target'/],
    [['downgrade', 'a', 'b'], /^error: too many arguments/],
    [['upgrade', '--nonsense'], /^error: unknown option '--nonsense'/],
    [['revision'], /^error: required option '-m, --message <text>' not specified/],
    [
      ['init', '-d', 'oracle'],
      /^error: option .* argument 'oracle' is invalid\. Allowed choices are postgres, sqlite, pglite/,
    ],
    [[], /^Usage: espalier/],
  ])('in the arguments %j has the exit code 2', async (args, message) => {
    const { code, out, err } = await espalier(...args)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toMatch(message)
  })

  it('in the arguments is told in JSON too', async () => {
    const { code, err } = await espalier('downgrade', '--json')
    expect(code).toBe(2)
    expect(JSON.parse(err)).toMatchObject({
      error: { code: 'usage', message: "missing required argument 'target'" },
    })
  })

  it('help and version are no errors', async () => {
    expect(await espalier('--help')).toMatchObject({
      code: 0,
      err: '',
      out: expect.stringContaining('Exit codes: 0 done'),
    })
    expect(await espalier('upgrade', '--help')).toMatchObject({ code: 0, err: '' })
    expect(await espalier('--version')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    })
  })

  const database = 'database: () => null'
  it.each([
    [
      'no object',
      'export default 1',
      /espalier\.config\.ts is not valid: it exports no object: write export default defineConfig/,
    ],
    [
      'no directory',
      `export default { ${database} }`,
      /directory is the path of the revision files: 'migrations'/,
    ],
    [
      'no database',
      "export default { directory: 'm' }",
      /database is a function that opens the database: \(\) => sqlite/,
    ],
    [
      'a database that is no function',
      "export default { directory: 'm', database: 'postgres://' }",
      /database is a function/,
    ],
    [
      'an unknown key',
      `export default { directory: 'm', ${database}, table: 'x' }`,
      /"table".*there are directory, database/,
    ],
    [
      'a bad version table',
      `export default { directory: 'm', ${database}, versionTable: 1 }`,
      /versionTable is the table's name, or/,
    ],
    [
      'a bad time',
      `export default { directory: 'm', ${database}, lockTimeout: -1 }`,
      /lockTimeout is a number of milliseconds/,
    ],
    [
      'a database that is none',
      `export default { directory: 'm', ${database} }`,
      /returns no database\. Return what sqlite/,
    ],
    ['an error of its own', 'throw new Error("no secret set")', /cannot be loaded: no secret set/],
  ])('in the configuration is named: %s', async (_, text, message) => {
    writeFileSync(join(cwd, 'espalier.config.ts'), text)
    const { code, out, err } = await espalier('current')
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(err).toMatch(message)
  })

  it('says where it looked for the configuration', async () => {
    expect((await espalier('current')).err).toMatch(
      /^error: There is no espalier\.config\.ts in .*"espalier init" writes one/,
    )
    expect((await espalier('current', '-c', 'x.ts')).err).toMatch(
      /^error: There is no configuration file .*x\.ts/,
    )
  })

  it('takes a configuration from elsewhere, whose directory is beside it', async () => {
    await project()
    mkdirSync(join(cwd, 'sub'))
    await espalier('revision', '-m', 'x')
    const config = join(cwd, 'espalier.config.ts')
    cwd = join(cwd, 'sub')
    expect((await espalier('history', '--config', config)).out).toMatch(/pending {13}x \(head\)\n$/)
  })
})
