import {
  type CreateStatement,
  parseCreate,
  printStatement,
  replaceParts,
} from '@espalier/dialects/sqlite/inspect'
import Database from 'better-sqlite3'
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { errorOf } from '../support/sql.js'
import * as random from './sqlite-statements.js'

const seed = process.env.FUZZ_SEED === undefined ? 1 : Number(process.env.FUZZ_SEED)
const times = Number(process.env.FUZZ_TIMES ?? 1)
vi.setConfig({ testTimeout: 60_000 * times })
const BASE = 'create table t (a, b, "c", [d], e, f unique)'

/** What SQLite keeps of a statement, where it takes it: on an empty database, or one with a table `t`. */
function keptBy(sql: string, base?: string): string[] | undefined {
  const db = new Database(':memory:')
  try {
    if (base !== undefined) db.exec(base)
    const before = new Set(texts(db))
    try {
      // One statement at a time: what is behind a semicolon would be another.
      db.prepare(sql).run()
    } catch {
      return undefined
    }
    return texts(db).filter((text) => !before.has(text))
  } finally {
    db.close()
  }
}

function texts(db: Database.Database): string[] {
  return db
    .prepare(
      'select sql from sqlite_schema where sql is not null union all select sql from sqlite_temp_schema where sql is not null',
    )
    .pluck()
    .all() as string[]
}

function checkParsed(sql: string): CreateStatement {
  const statement = parseCreate(sql)
  expect(printStatement(statement)).toBe(sql)
  return statement
}

const kinds = [
  ['create table', random.createTable, undefined, 3000],
  ['create index', random.createIndex, BASE, 3000],
  ['create view', random.createView, BASE, 500],
  ['create trigger', random.createTrigger, BASE, 1000],
  ['create virtual table', random.createVirtualTable, undefined, 150],
] as const

describe.each(kinds)('random statements: %s', (kind, statements, base, runs) => {
  it('what SQLite takes is parsed and printed as it was', () => {
    let taken = 0
    fc.assert(
      fc.property(random.written(statements), (sql) => {
        const kept = keptBy(sql, base)
        if (kept === undefined) return
        taken++
        expect(checkParsed(sql).kind).toBe(kind)
        for (const text of kept) checkParsed(text)
      }),
      { seed, numRuns: runs * times },
    )
    // Of those that SQLite refuses, nothing is learned.
    expect(taken).toBeGreaterThan(runs / 20)
  })

  it('so is what it still takes of mutated ones', () => {
    let taken = 0
    fc.assert(
      fc.property(random.written(random.mutated(statements)), (sql) => {
        const kept = keptBy(sql, base)
        if (kept === undefined || !sql.trimStart().toLowerCase().startsWith('create')) return
        taken++
        checkParsed(sql)
        for (const text of kept) checkParsed(text)
      }),
      { seed, numRuns: runs * times },
    )
    expect(taken).toBeGreaterThan(runs / 100)
  })
})

it('a table is taken apart into what SQLite says of it', () => {
  let compared = 0
  fc.assert(
    fc.property(random.written(random.createTable), (sql) => {
      const db = new Database(':memory:')
      try {
        db.prepare(sql).run()
      } catch {
        db.close()
        return
      }
      const table = parseCreate(sql)
      if (table.kind !== 'create table') throw new Error(table.kind)
      const said = db.prepare('select * from pragma_table_xinfo(?)').all(table.name.name) as {
        name: string
        type: string
        notnull: number
        pk: number
        hidden: number
      }[]
      expect(table.columns.map(({ name }) => name.name)).toEqual(said.map(({ name }) => name))
      expect(table.columns.map(({ type }) => (type?.source ?? '').toLowerCase())).toEqual(
        said.map(({ type }) => type.toLowerCase()),
      )
      expect(table.columns.map(generatedOf)).toEqual(
        said.map(({ hidden }) => ({ 2: false, 3: true })[hidden]),
      )
      const list = db.prepare('select strict, wr from pragma_table_list where name = ?').get(table.name.name)
      expect(list).toEqual({ strict: Number(table.strict), wr: Number(table.withoutRowid) })
      const keys = db
        .prepare('select "table" from pragma_foreign_key_list(?) group by id order by id desc')
        .pluck()
      expect(referencesOf(table)).toEqual(keys.all(table.name.name))
      compared++
      db.close()
    }),
    { seed, numRuns: 2000 * times },
  )
  expect(compared).toBeGreaterThan(100)
})

type TablePart = Extract<CreateStatement, { kind: 'create table' }>

function generatedOf({ constraints }: TablePart['columns'][number]): boolean | undefined {
  const found = constraints.find((one) => one.kind === 'generated')
  return found?.kind === 'generated' ? found.stored : undefined
}

function referencesOf({ columns, constraints }: TablePart): string[] {
  const inColumns = columns.flatMap((column) =>
    column.constraints.flatMap((one) => (one.kind === 'references' ? [one.reference.table.name] : [])),
  )
  return [
    ...inColumns,
    ...constraints.flatMap((one) => (one.kind === 'foreign key' ? [one.reference.table.name] : [])),
  ]
}

it('the keys of an index are columns, expressions, collations and orders as SQLite has them', () => {
  let compared = 0
  fc.assert(
    fc.property(random.written(random.createIndex), (sql) => {
      const db = new Database(':memory:')
      try {
        db.exec(BASE)
        db.prepare(sql).run()
      } catch {
        db.close()
        return
      }
      const index = parseCreate(sql)
      if (index.kind !== 'create index') throw new Error(index.kind)
      const said = db
        .prepare('select name, "desc", coll from pragma_index_xinfo(?) where key order by seqno')
        .all(index.name.name) as { name: string | null; desc: number; coll: string }[]
      expect(
        index.keys.map(({ column, order, collation = 'BINARY' }) => [
          // Where no column is called so, it is the value; the parser does not know the table.
          column?.toLowerCase() === 'true' ? undefined : column?.toLowerCase(),
          Number(order === 'desc'),
          collation.toLowerCase(),
        ]),
      ).toEqual(
        said.map(({ name, desc, coll }) => [name?.toLowerCase() ?? undefined, desc, coll.toLowerCase()]),
      )
      compared++
      db.close()
    }),
    { seed, numRuns: 2000 * times },
  )
  expect(compared).toBeGreaterThan(100)
})

it('a keyword is a name exactly where SQLite takes it for one', () => {
  const db = new Database(':memory:')
  // The keywords of https://sqlite.org/lang_keywords.html
  const keywords =
    'abort action add after all alter always analyze and as asc attach autoincrement before begin between by cascade case cast check collate column commit conflict constraint create cross current current_date current_time current_timestamp database default deferrable deferred delete desc detach distinct do drop each else end escape except exclude exclusive exists explain fail filter first following for foreign from full generated glob group groups having if ignore immediate in index indexed initially inner insert instead intersect into is isnull join key last left like limit match materialized natural no not nothing notnull null nulls of offset on or order others outer over partition plan pragma preceding primary query raise range recursive references regexp reindex release rename replace restrict returning right rollback row rows savepoint select set table temp temporary then ties to transaction trigger unbounded union unique update using vacuum values view virtual when where window with without'.split(
      ' ',
    )
  const takes = (run: () => unknown) => {
    try {
      run()
      return true
    } catch {
      return false
    }
  }
  for (const write of [
    (word: string) => `create table k (${word} int)`,
    (word: string) => `create table k (a ${word})`,
    (word: string) => `create table k (a constraint ${word} unique)`,
    (word: string) => `create table k (a default ${word})`,
  ]) {
    const differ = keywords.filter((word) => {
      const sql = write(word)
      const bySqlite = takes(() => db.exec(`begin; ${sql}; rollback`))
      if (!bySqlite && db.inTransaction) db.exec('rollback')
      return bySqlite && !takes(() => parseCreate(sql))
    })
    expect(differ).toEqual([])
  }
})

it('what alter table adds is a part of the statement', () => {
  const db = new Database(':memory:')
  db.exec('create table t (a int -- the first\n, check (a > 0) /* end */ ) ')
  db.exec('alter table t add column "b ""c" varchar(3) not null default \'x\' collate nocase /* new */')
  db.exec('alter table t add d references t deferrable initially deferred;')
  db.exec('alter table t rename column a to "a a"')
  const [sql] = texts(db) as [string]
  const table = checkParsed(sql)
  if (table.kind !== 'create table') throw new Error(table.kind)
  expect(
    table.columns.map(({ name, constraints }) => [name.name, ...constraints.map(({ kind }) => kind)]),
  ).toEqual([['a a'], ['b "c', 'not null', 'default', 'collate'], ['d', 'references', 'deferrable']])
  expect(table.constraints.map(({ kind }) => kind)).toEqual(['check'])
})

it('a part is replaced, and nothing else', () => {
  const sql =
    'CREATE TABLE "t" ( a int, -- one\n  b TEXT default (1 + /* two */ 2) , c, unique(b) ) strict -- three'
  const table = parseCreate(sql)
  if (table.kind !== 'create table') throw new Error(table.kind)
  const [a, b, c] = table.columns
  const ofDefault = b?.constraints[0]
  if (a === undefined || c === undefined || ofDefault?.kind !== 'default') throw new Error('not parsed')
  expect(
    replaceParts(table, [
      { part: ofDefault.value, text: '7' },
      { part: table.name, text: '"t2"' },
      { part: { first: c.first - 1, end: c.end }, text: '' },
    ]),
  ).toBe('CREATE TABLE "t2" ( a int, -- one\n  b TEXT default (7), unique(b) ) strict -- three')
  expect(replaceParts(table, [])).toBe(sql)
  expect(() =>
    replaceParts(table, [
      { part: b as never, text: '' },
      { part: ofDefault, text: '' },
    ]),
  ).toThrow('do not overlap')
})

it('what is no such statement is an error with its place', async () => {
  const message = async (sql: string) => (await errorOf(() => parseCreate(sql))).message
  expect(await message('create tabel t (a)')).toBe(
    'At character 8, "tabel t (a)": expected table, index, view, trigger or virtual table.',
  )
  expect(await message("create table t (a default 'x)")).toBe(
    `At character 27, "'x)": what ' begins has no end.`,
  )
  expect(await message('create table t (a, primary key (a)')).toBe('At character 35, at the end: expected ).')
  expect(await message('create table t (a) strict; drop table t')).toBe(
    'At character 28, "drop table t": expected the end of the statement.',
  )
})
