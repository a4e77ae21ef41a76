import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Database, sql } from '@espalier/core'
import { pglite } from '@espalier/dialects/pglite'
import { postgres } from '@espalier/dialects/postgres'
import { sqlite } from '@espalier/dialects/sqlite'
import { afterAll, afterEach, beforeEach, describe } from 'vitest'
import { testDatabaseUrl } from '../support/postgres.js'

/** A directory that lives as long as the test file. */
export function temporaryDirectory(): string {
  const path = mkdtempSync(join(tmpdir(), 'espalier-migrate-'))
  afterAll(() => rmSync(path, { recursive: true, force: true }))
  return path
}

/** Describes the same behaviour on every database; `db()` is empty at the start of each test. */
export function onEveryDatabase(behaviour: (db: () => Database) => void): void {
  onEveryDialect(behaviour)
  describe('on PGlite', () => emptied(() => pglite(), behaviour))
}

/** The same where PGlite, which takes seconds to start, would be PostgreSQL once more. */
export function onEveryDialect(behaviour: (db: () => Database) => void): void {
  describe('on PostgreSQL', async () => {
    const url = await testDatabaseUrl()
    emptied(() => postgres({ url, max: 3 }), behaviour)
  })
  describe('on SQLite in memory', () => opened(() => sqlite(':memory:'), behaviour))
  describe('on SQLite in a file', () => {
    const directory = temporaryDirectory()
    let files = 0
    opened(() => sqlite(join(directory, `${files++}.db`)), behaviour)
  })
}

/** One database for all tests, whose tables are dropped before each. */
function emptied(open: () => Database | Promise<Database>, behaviour: (db: () => Database) => void): void {
  let db: Database | undefined
  beforeEach(async () => {
    db ??= await open()
    await db.run(sql.statement`drop schema public cascade`)
    await db.run(sql.statement`create schema public`)
  })
  afterAll(() => db?.close())
  behaviour(() => db as Database)
}

/** A new database for each test. */
function opened(open: () => Database, behaviour: (db: () => Database) => void): void {
  let db: Database | undefined
  beforeEach(() => {
    db = open()
  })
  afterEach(() => db?.close())
  behaviour(() => db as Database)
}
