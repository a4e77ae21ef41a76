import Database from 'better-sqlite3'
import postgres from 'postgres'
import { afterAll, describe, expect, it } from 'vitest'
import { testDatabaseUrl } from '../support/postgres.js'

describe('the databases of the tests', () => {
  describe('PostgreSQL', async () => {
    const url = await testDatabaseUrl()
    const sql = postgres(url)
    afterAll(() => sql.end())

    it('answers', async () => {
      expect(await sql`select 1 as one`).toEqual([{ one: 1 }])
    })

    it('is a database of its own, in UTF-8 with the locale C', async () => {
      const [row] = await sql`
        select current_database() as name, pg_encoding_to_char(encoding) as encoding, datcollate as locale
        from pg_database where datname = current_database()`
      expect(row).toEqual({ name: new URL(url).pathname.slice(1), encoding: 'UTF8', locale: 'C' })
    })

    it('is version 18 unless a server was given', async () => {
      if (process.env.DATABASE_URL) return
      const [row] = await sql`show server_version_num`
      expect(Math.floor(Number(row?.server_version_num) / 10_000)).toBe(18)
    })
  })

  it('SQLite answers', () => {
    const db = new Database(':memory:')
    expect(db.prepare('select 1 as one').all()).toEqual([{ one: 1 }])
    db.close()
  })

  it('what is declared with await using is disposed on every Node', async () => {
    const events: string[] = []
    {
      await using _resource = { [Symbol.asyncDispose]: async () => void events.push('disposed') }
      events.push('used')
    }
    expect(events).toEqual(['used', 'disposed'])
  })
})
