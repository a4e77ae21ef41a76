import { createAll, type Database, enumType, insert, integer, select, sql, table } from '@espalier/core'
import { postgresDialect } from '@espalier/dialects/postgres'
import { changeEnum, createMigrator, type Operation, revision } from '@espalier/migrate'
import { describe, expect, it } from 'vitest'
import { onEveryDialect } from './databases.js'

const mood = enumType('mood', ['sad', 'ok', 'happy'])
const more = enumType('mood', ['awful', 'sad', 'so so', 'ok', 'happy', 'glad'])
const fewer = enumType('mood', ['happy', 'sad'])

const people = table('people', {
  id: integer().primaryKey(),
  mood: mood().notNull().default('ok'),
  before: mood(),
})
const later = table('people', { id: integer().primaryKey(), mood: fewer(), before: fewer() })

const sqlOf = (operation: Operation) =>
  operation.statements(postgresDialect).map((statement) => statement.toSQL(postgresDialect).sql)

describe('the values of an enum', () => {
  it('are added and renamed by statements', () => {
    expect(sqlOf(changeEnum(mood, more))).toEqual([
      `alter type "mood" add value 'awful' before 'sad'`,
      `alter type "mood" add value 'so so' after 'sad'`,
      `alter type "mood" add value 'glad' after 'happy'`,
    ])
    const renamed = enumType('mood', ['sad', "it's ok", 'happy'])
    const change = changeEnum(mood, renamed, { rename: { ok: "it's ok" } })
    expect(change.description).toBe("change enum mood: rename 'ok' to 'it's ok'")
    expect(sqlOf(change)).toEqual([`alter type "mood" rename value 'ok' to 'it''s ok'`])
    expect(sqlOf(change.reverse() as Operation)).toEqual([
      `alter type "mood" rename value 'it''s ok' to 'ok'`,
    ])
  })

  it.each([
    ['no change', () => changeEnum(mood, mood), /changes nothing/],
    ['another enum', () => changeEnum(mood, enumType('temper', ['a'])), /two states of one enum/],
    ['a new name of nothing', () => changeEnum(mood, more, { rename: { x: 'glad' } }), /cannot rename "x"/],
    ['a value that stays', () => changeEnum(mood, more, { replace: { sad: 'ok' } }), /cannot replace "sad"/],
    ['no enum', () => changeEnum(integer() as never, mood), /takes what enumType/],
  ])('are not changed by %s', (_, make, message) => {
    expect(make).toThrow(message)
  })

  onEveryDialect((db) => {
    const start = async (database: Database) => {
      for (const statement of createAll([people], database.dialect)) await database.run(statement)
      await database.run(sql.statement`create index people_sad on people (id) where mood = 'sad'`)
      await database.run(
        insert(people).values([
          { id: 1, mood: 'sad', before: 'happy' },
          { id: 2, mood: 'ok', before: 'ok' },
          { id: 3, mood: 'happy', before: null },
        ]),
      )
    }
    const migrator = (...up: Operation[]) =>
      createMigrator({
        db: db(),
        revisions: [revision({ id: 'a1', parents: [], message: 'one', up })],
      })

    it('are more, and as before', async () => {
      await start(db())
      const change = migrator(changeEnum(mood, more))
      await change.upgrade()
      await db().run(sql.statement`insert into people (id, mood) values (4, 'so so')`)
      await expect(db().run(sql.statement`insert into people (id, mood) values (5, 'x')`)).rejects.toThrow()
      await expect(change.downgrade('base')).rejects.toThrow(
        /1 row has a value in .*mood" that would be gone/,
      )
      await db().run(sql.statement`delete from people where id = 4`)
      await change.downgrade('base')
      await expect(
        db().run(sql.statement`insert into people (id, mood) values (5, 'so so')`),
      ).rejects.toThrow()
      await db().run(sql.statement`insert into people (id) values (6)`)
      expect(await db().all(select(people.mood).from(people).orderBy(people.id))).toEqual([
        'sad',
        'ok',
        'happy',
        'ok',
      ])
      await change.upgrade()
    })

    it('are fewer, where it is said what becomes of the rows', async () => {
      await start(db())
      await db().run(
        sql.statement`${sql.unsafe(
          db().dialect.name === 'SQLite' ? 'select 1' : 'alter table people alter column mood drop default',
        )}`,
      )
      await expect(migrator(changeEnum(mood, fewer)).upgrade()).rejects.toThrow('would be gone (ok)')
      await migrator(changeEnum(mood, fewer, { replace: { ok: 'happy' } })).upgrade()
      expect(
        await db().all(select({ mood: later.mood, before: later.before }).from(later).orderBy(later.id)),
      ).toEqual([
        { mood: 'sad', before: 'happy' },
        { mood: 'happy', before: 'happy' },
        { mood: 'happy', before: null },
      ])
      await expect(db().run(sql.statement`insert into people (id, mood) values (9, 'ok')`)).rejects.toThrow()
      const [found] = await db().all(
        sql.query({ n: integer().notNull() })`select count(*) from people where mood = 'sad'`,
      )
      expect(found).toEqual({ n: 1 })
    })
  })
})
