import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { main } from '@espalier/migrate/cli'
import Database from 'better-sqlite3'
import { beforeAll, beforeEach, expect, it } from 'vitest'
import { temporaryDirectory } from './databases.js'
import { install } from './installation.js'

const root = temporaryDirectory()
beforeAll(() => install(root))

let count = 0
let cwd: string
beforeEach(() => {
  cwd = join(root, `project ${count++}`)
  mkdirSync(cwd)
  const file = JSON.stringify(join(cwd, 'app.db'))
  writeFileSync(
    join(cwd, 'espalier.config.ts'),
    `import { sqlite } from '@espalier/dialects/sqlite'\nexport default { directory: 'migrations', database: () => sqlite(${file}) }\n`,
  )
  execute(`
    create table espalier_versions (id text primary key);
    create table orgs (id integer primary key, name text not null default current_timestamp);
    create table users (id integer primary key, org integer references orgs (id));
    create table log_old (id integer primary key);
    create view named as select name from orgs`)
})

function execute(script: string): void {
  const db = new Database(join(cwd, 'app.db'))
  db.exec(script)
  db.close()
}

async function espalier(...args: string[]) {
  let out = ''
  let err = ''
  const code = await main(args, {
    cwd,
    out: (text) => {
      out += `${text}\n`
    },
    err: (text) => {
      err += `${text}\n`
    },
    isColored: false,
  })
  return { code, out, err }
}

const read = (file: string) => readFileSync(join(cwd, file), 'utf8')

it('writes a file, says what is in it, and writes the same again', async () => {
  const first = await espalier('pull', '--out', 'src/schema.ts')
  expect(first).toEqual({
    code: 0,
    out: 'Wrote src/schema.ts: 1 view, 3 tables.\n1 expression is SQL, since no builder makes it.\n',
    err: '',
  })
  const text = read('src/schema.ts')
  expect(text).toContain("export const users = app.table('users', {")
  expect(text).not.toContain('espalier_versions')
  expect((await espalier('pull', '--out', 'src/schema.ts')).out).toContain('src/schema.ts as before')
  expect(read('src/schema.ts')).toBe(text)
})

it('tells whether the files are what the database says', async () => {
  expect(await espalier('pull', '--check')).toMatchObject({ code: 3, err: '' })
  await espalier('pull')
  expect(await espalier('pull', '--check')).toEqual({
    code: 0,
    out: 'The files are what the database says.\n',
    err: '',
  })
  const text = read('schema.ts')
  execute('alter table users add column email text')
  const differs = await espalier('pull', '--check')
  expect(differs).toMatchObject({ code: 3, out: expect.stringContaining('another schema than schema.ts') })
  expect(read('schema.ts')).toBe(text)
})

it('never overwrites what it did not write, unless it is forced', async () => {
  writeFileSync(join(cwd, 'schema.ts'), 'export const mine = 1\n')
  const refused = await espalier('pull', '--json')
  expect(refused.code).toBe(1)
  expect(JSON.parse(refused.err).error).toMatchObject({
    code: 'file_exists',
    message: expect.stringContaining('--force'),
  })
  expect(read('schema.ts')).toBe('export const mine = 1\n')
  expect((await espalier('pull', '--force')).code).toBe(0)
  // What was changed by hand since is not its own any more.
  writeFileSync(join(cwd, 'schema.ts'), `${read('schema.ts')}export const mine = 1\n`)
  expect((await espalier('pull')).code).toBe(1)
  expect(read('schema.ts')).toContain('mine')
})

it('writes a file for each table, and removes those of tables that are gone', async () => {
  const { code, out } = await espalier('pull', '--split', 'table', '--json')
  expect(code).toBe(0)
  expect(JSON.parse(out)).toMatchObject({
    written: ['metadata.ts', 'log_old.ts', 'orgs.ts', 'users.ts', 'named.ts', 'index.ts'].map((file) =>
      join('schema', file.replace('log_old', 'logOld')),
    ),
    unchanged: [],
    removed: [],
    objects: { table: 3, view: 1 },
    rawExpressions: 1,
    problems: [],
  })
  writeFileSync(join(cwd, 'schema', 'own.ts'), 'export {}\n')
  execute('drop table log_old')
  const again = JSON.parse((await espalier('pull', '--split', 'table', '--json')).out)
  expect(again).toMatchObject({
    written: [join('schema', 'index.ts')],
    removed: [join('schema', 'logOld.ts')],
  })
  expect(read('schema/own.ts')).toBe('export {}\n')
})

it('takes a part of the schema, and says what is not there', async () => {
  await espalier('pull', '--exclude', 'log_*', 'named')
  expect(read('schema.ts').match(/export const \w+/g)).toEqual(
    ['app', 'orgs', 'users'].map((name) => `export const ${name}`),
  )
  await espalier('pull', '--include', 'users')
  expect(read('schema.ts')).toContain("references('orgs.id')")
  const wrong = await espalier('pull', '--include', 'user')
  expect(wrong).toMatchObject({
    code: 1,
    err: 'error: Nothing in the database is called "user". There is users.\n',
  })
  expect((await espalier('pull', '--schema', 'auth')).err).toContain('The database has no schema "auth"')
})
