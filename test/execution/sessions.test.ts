import {
  type Database,
  insert,
  integer,
  type Node,
  type Statement,
  select,
  sourceInfo,
  sql,
  TableNode,
  table,
} from '@espalier/core'
import { pglite } from '@espalier/dialects/pglite'
import { postgres } from '@espalier/dialects/postgres'
import { sqlite } from '@espalier/dialects/sqlite'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { testDatabaseUrl } from '../support/postgres.js'

const items = table('session_items', { id: integer().primaryKey() })
const parts = table('session "parts"', { id: integer().references(() => items.id) })

function behaviour(open: () => Database | Promise<Database>): void {
  let db: Database
  beforeAll(async () => {
    db = await open()
    await db.run(sql.statement`create table session_items (id integer primary key)`)
    await db.run(sql.statement`create table "session ""parts""" (id integer references session_items (id))`)
  })
  beforeEach(async () => {
    await db.run(sql.statement`delete from session_items`)
  })
  afterAll(() => db.close())

  it('keeps the state of one connection between statements', async () => {
    const kept = await db.session(async (session) => {
      await session.run(sql.statement`create temporary table only_here (id integer)`)
      await session.run(sql.statement`insert into only_here values (1)`)
      return session.all(sql.statement`select id from only_here`)
    })
    expect(kept).toEqual([[1]])
  })

  it('leaves no transaction behind that nobody has awaited', async () => {
    let stray: Promise<unknown> | undefined
    const session = db.session(async (session) => {
      stray = session
        .transaction((tx) => tx.run(insert(items).values({ id: 1 })))
        .catch((error: { code: string }) => error.code)
    })
    await expect(session).rejects.toMatchObject({ code: 'stray_begin' })
    expect(['session_ended', 'transaction_aborted']).toContain(await stray)
    await db.run(insert(items).values({ id: 2 }))
    // Were a transaction open, this would undo that.
    await db.session((session) => session.run(sql.statement`rollback`)).catch(() => undefined)
    expect(await db.all(select(items.id).from(items))).toEqual([2])
  })

  it('commits each statement by itself, and transactions as a whole', async () => {
    const attempt = db.session(async (session) => {
      await session.run(insert(items).values({ id: 1 }))
      await session.transaction(async (tx) => {
        await tx.run(insert(items).values({ id: 2 }))
        throw new Error('on purpose')
      })
    })
    await expect(attempt).rejects.toThrow('on purpose')
    expect(await db.all(select(items.id).from(items))).toEqual([1])
  })

  it('rolls back a transaction that it was left in, and says so', async () => {
    const left = db.session(async (session) => {
      await session.run(sql.statement`begin`)
      await session.run(insert(items).values({ id: 1 }))
    })
    await expect(left).rejects.toMatchObject({ code: 'stray_begin' })
    await db.run(insert(items).values({ id: 2 }))
    expect(await db.all(select(items.id).from(items))).toEqual([2])
    const ended = async (end: Statement<unknown, never>) =>
      db.session(async (session) => {
        await session.run(sql.statement`begin`)
        await session.run(sql.statement`savepoint here`)
        await session.run(insert(items).values({ id: 3 }))
        await session.run(sql.statement`rollback to savepoint here`)
        await session.run(insert(items).values({ id: 4 }))
        await session.run(end)
      })
    await ended(sql.statement`rollback`)
    await ended(sql.statement`commit`)
    expect(await db.all(select(items.id).from(items))).toEqual([2, 4])
  })

  it('runs nothing more in a transaction that a statement has ended', async () => {
    const ended = (end: Statement<unknown, never>) =>
      db.transaction(async (tx) => {
        await tx.run(end)
        await tx.run(insert(items).values({ id: 1 }))
      })
    await expect(ended(sql.statement`rollback`)).rejects.toMatchObject({ code: 'transaction_aborted' })
    await expect(ended(sql.statement`commit`)).rejects.toMatchObject({ code: 'transaction_aborted' })
    expect(await db.all(select(items.id).from(items))).toEqual([])
  })

  it('runs one transaction after the other', async () => {
    await db.session(async (session) => {
      for (const id of [1, 2]) await session.transaction((tx) => tx.run(insert(items).values({ id })))
      await expect(
        session.transaction((tx) => tx.run(insert(items).values({ id: 2 }))),
      ).rejects.toMatchObject({
        code: 'unique_violation',
      })
      expect(await session.all(select(items.id).from(items))).toEqual([1, 2])
    })
  })

  it('refuses its handle inside a transaction on it, and when it has ended', async () => {
    const ended = await db.session(async (session) => {
      await session.transaction(async () => {
        await expect(session.all(select(items).from(items))).rejects.toMatchObject({ code: 'outer_handle' })
        await expect(session.transaction(async () => {})).rejects.toMatchObject({ code: 'outer_handle' })
      })
      return { session }
    })
    await expect(ended.session.all(select(items).from(items))).rejects.toMatchObject({
      code: 'session_ended',
    })
  })

  it('answers what the catalog is asked', async () => {
    const { catalog } = db.backend
    const node = sourceInfo(items)?.node as Node as TableNode
    const exists = async (table: TableNode) => (await db.one(catalog.tableExists(table))).found
    expect(await exists(node)).toBe(true)
    expect(await exists(sourceInfo(parts)?.node as Node as TableNode)).toBe(true)
    expect(await exists(new TableNode('nowhere', undefined))).toBe(false)
    expect(await exists(new TableNode(`"'; --`, 'no schema'))).toBe(false)
    expect((await db.all(catalog.referencesTo(node))).map((row) => row.table.replaceAll('"', ''))).toEqual([
      'session parts',
    ])
    expect(await db.all(catalog.referencesTo(new TableNode('nowhere', undefined)))).toEqual([])
  })
}

describe('a session on PostgreSQL', async () => {
  const url = await testDatabaseUrl()
  behaviour(() => postgres({ url, max: 2 }))
})
describe('a session on PGlite', () => behaviour(() => pglite()))
describe('a session on SQLite', () => behaviour(() => sqlite(':memory:')))
