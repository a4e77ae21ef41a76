import { bigint, type Catalog, type Database, sql, text } from '@espalier/core'
import { pglite } from '@espalier/dialects/pglite'
import { postgres } from '@espalier/dialects/postgres'
import { inspect } from '@espalier/dialects/postgres/inspect'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { olderVersions, urlOf } from './older-versions.js'
import { sampleStatements } from './postgres-sample.js'

const TEXT = text().notNull()

async function run(db: Database, ...statements: string[]): Promise<void> {
  for (const statement of statements) await db.run(sql.statement`${sql.unsafe(statement)}`)
}

/** A catalog as lines to be read and compared: one for each object, and for each part of a table. */
function lines(catalog: Catalog, user: string): string {
  const text: string[] = []
  const line = (depth: number, name: string, value: unknown) =>
    text.push(
      `${'  '.repeat(depth)}${name} ${JSON.stringify(value)?.replaceAll(`:"${user}"`, ':"the owner"')}`,
    )
  const parts = (depth: number, object: object) => {
    for (const [name, value] of Object.entries(object)) {
      if (name === 'version' || (Array.isArray(value) && value.length === 0)) continue
      if (!Array.isArray(value) || typeof value[0] !== 'object') line(depth, name, value)
      else
        for (const one of value)
          depth === 0 && typeof one.columns?.[0] !== 'string' && 'columns' in one
            ? tableLines(name, one)
            : line(depth, name, one)
    }
  }
  const tableLines = (name: string, { schema, name: own, ...rest }: { schema: string; name: string }) => {
    line(0, name, `${schema}.${own}`)
    parts(1, rest)
  }
  const { postgres: own, ...shared } = catalog
  parts(0, shared)
  parts(0, own ?? {})
  return `${text.join('\n')}\n`
}

describe.each([18, ...olderVersions])('inspect on PostgreSQL %i', (version) => {
  let db: Database
  let catalog: Catalog
  const statements: string[] = []
  const observer = { statement: ({ sql }: { readonly sql: string }) => void statements.push(sql) }

  beforeAll(async () => {
    db = postgres(await urlOf(version), { observer })
    await run(db, ...sampleStatements(version))
    catalog = await inspect(db)
  }, 120_000)
  afterAll(() => db.close())

  it('tells all that a schema says', async () => {
    const user = await db.scalar(sql.query({ name: TEXT })`select current_user`)
    await expect(lines(catalog, user)).toMatchFileSnapshot(`catalogs/postgres-${version}.txt`)
  })

  it('gives plain data that goes through JSON unchanged', () => {
    expect(JSON.parse(JSON.stringify(catalog))).toStrictEqual(catalog)
  })

  it('asks as many statements of a large schema as of a small one, and changes nothing', async () => {
    const path = await db.scalar(sql.query({ path: TEXT })`select current_setting('search_path')`)
    const counts: number[] = []
    for (const names of [['plain'], undefined]) {
      statements.length = 0
      await inspect(db, names && { include: { names } })
      counts.push(statements.length)
    }
    expect(counts).toEqual([27, 27])
    expect(await db.scalar(sql.query({ path: TEXT })`select current_setting('search_path')`)).toBe(path)
  })

  it('reads what a transaction has made, and leaves its path as it was', async () => {
    const rolledBack = db.transaction(async (tx) => {
      await tx.run(sql.statement`create table public.made_here (id int)`)
      await tx.run(sql.statement`set local search_path to app`)
      const { tables } = await inspect(tx, { include: { names: ['made_here'] } })
      expect(tables.map(({ schema, name }) => `${schema}.${name}`)).toEqual(['public.made_here'])
      expect(await tx.scalar(sql.query({ path: TEXT })`select current_setting('search_path')`)).toBe('app')
      throw new Error('enough')
    })
    await expect(rolledBack).rejects.toThrow('enough')
  })

  describe('options', () => {
    const names = ({ tables, views, enums, functions, triggers, extensions, schemas }: Catalog) => ({
      tables: tables.map(({ name }) => name),
      views: views.map(({ name }) => name),
      enums: enums.map(({ name }) => name),
      functions: functions.map(({ name }) => name),
      triggers: triggers.map(({ name }) => name),
      extensions: extensions.map(({ name }) => name),
      schemas: schemas.map(({ name }) => name),
    })
    const none = {
      tables: [],
      views: [],
      enums: [],
      functions: [],
      triggers: [],
      extensions: [],
      schemas: [],
    }

    it('includes schemas', async () => {
      const found = await inspect(db, { include: { schemas: ['public', 'odd "names"'] } })
      expect(names(found)).toEqual({
        ...none,
        tables: ['a.b', 'plain'],
        extensions: ['btree_gist', 'citext', 'pg_trgm'],
        schemas: ['odd "names"', 'public'],
      })
      expect(found.tables[0]?.schema).toBe('odd "names"')
    })

    it('includes names, in which * stands for anything and _ for itself', async () => {
      const found = await inspect(db, { include: { schemas: ['app'], names: ['peo*', 'events_*', 'mood'] } })
      expect(names(found)).toEqual({
        ...none,
        tables: ['events_2025', 'events_rest', 'people'],
        enums: ['mood'],
        triggers: ['people_all', 'people_change', 'people_later', 'people_touch'],
        schemas: ['app'],
      })
      const literally = await inspect(db, { include: { names: ['p_ople', 'p%', 'a.b'] } })
      expect(names(literally).tables).toEqual(['a.b'])
    })

    it('includes kinds', async () => {
      const found = await inspect(db, { include: { kinds: ['enum', 'trigger'], names: ['mood', 'happy'] } })
      expect(names(found)).toEqual({ ...none, enums: ['mood'], triggers: ['happy_insert'] })
      const withoutIndexes = await inspect(db, { include: { kinds: ['table'], names: ['people'] } })
      expect(withoutIndexes.tables[0]?.indexes).toEqual([])
      expect(withoutIndexes.tables[0]?.primaryKey?.columns).toEqual(['id'])
    })

    it('excludes what every list has', async () => {
      const found = await inspect(db, {
        include: { schemas: ['app'], kinds: ['table', 'view', 'enum'] },
        exclude: { names: ['e*', 'm*', '*s'], kinds: ['table', 'view'] },
      })
      const tables = ['far', 'nothing', 'people', 'scratch']
      expect(names(found)).toEqual({ ...none, tables, views: ['happy', 'tree'], enums: ['mood'] })
      const bare = await inspect(db, { exclude: { schemas: ['app', 'odd "names"'] } })
      expect(names(bare).tables).toEqual(['plain'])
    })

    it('reads schemas of the database itself where they are asked for', async () => {
      const found = await inspect(db, { include: { schemas: ['pg_catalog'], names: ['pg_enum'] } })
      const [table] = found.tables
      expect(table?.columns.map(({ name, type }) => [name, type.text])).toEqual([
        ['oid', 'oid'],
        ['enumtypid', 'oid'],
        ['enumsortorder', 'real'],
        ['enumlabel', 'name'],
      ])
    })

    it('measures sizes, and tells the rows by the statistics', async () => {
      const before = await inspect(db, { include: { names: ['plain'] } })
      expect(before.tables[0]).not.toHaveProperty('bytes')
      expect(before.tables[0]).not.toHaveProperty('rowEstimate')
      await run(
        db,
        'insert into public.plain select i from generate_series(1, 1000) as i',
        'analyze public.plain',
      )
      const after = await inspect(db, { include: { names: ['plain'] }, sizes: true })
      expect(after.tables[0]?.rowEstimate).toBe(1000)
      expect(after.tables[0]?.bytes).toBe(
        await db.scalar(
          sql.query({ n: bigint({ as: 'number' }).notNull() })`select pg_total_relation_size('public.plain')`,
        ),
      )
      await run(db, 'truncate public.plain')
    })
  })

  it('tells what is refused to who asks, and reads the rest', async () => {
    const role = `reader_${process.pid}_${version}`
    await run(
      db,
      `create role ${role}`,
      'revoke select on pg_catalog.pg_policy from public',
      `grant ${role} to current_user`,
    )
    try {
      await db.transaction(async (tx) => {
        await tx.run(sql.statement`set local role ${sql.identifier(role)}`)
        const found = await inspect(tx)
        expect(found.problems.filter(({ object }) => object.kind === 'policy')).toEqual([
          {
            object: { kind: 'policy', name: '*' },
            message: 'Not read: permission denied for table pg_policy',
          },
        ])
        expect(found.policies).toEqual([])
        expect(found.tables).toStrictEqual(catalog.tables)
      })
    } finally {
      await run(db, 'grant select on pg_catalog.pg_policy to public', `drop role ${role}`)
    }
  })
})

it('inspects PGlite', async () => {
  await using db = await pglite()
  await run(
    db,
    `create type mood as enum ('sad', 'ok')`,
    'create table people (id serial primary key, mood mood[])',
  )
  const { tables, enums, problems } = await inspect(db)
  expect(problems).toEqual([])
  expect(enums).toEqual([{ schema: 'public', name: 'mood', values: ['sad', 'ok'] }])
  expect(tables.map(({ name, columns }) => [name, ...columns.map(({ type }) => type.text)])).toEqual([
    ['people', 'integer', 'public.mood[]'],
  ])
}, 60_000)
