import { integer, select, sql, table, text } from '@espalier/core'
import { createMigrator, createTable, type Hooks, revision } from '@espalier/migrate'
import { describe, expect, it } from 'vitest'
import { onEveryDialect } from './databases.js'

const audit = table('audit', { id: integer().identity().primaryKey(), entry: text().notNull() })
const items = table('items', { id: integer().primaryKey() })
const revisions = [
  revision({ id: 'a', parents: [], message: 'audit', up: [createTable(audit)] }),
  revision({ id: 'b', parents: ['a'], message: 'items', up: [createTable(items)] }),
]

describe('hooks', () => {
  onEveryDialect((db) => {
    const run = (hooks: Hooks, more = revisions) => createMigrator({ db: db(), revisions: more, hooks })

    it('are called around the run and each revision, in its transaction', async () => {
      const calls: string[] = []
      const migrator = run({
        beforeRun: ({ direction, revisions: ids }) => void calls.push(`run ${direction} ${ids.join(' ')}`),
        beforeRevision: ({ revision: id, direction, message }) =>
          void calls.push(`${direction} ${id} ${message}`),
        afterRevision: async ({ revision: id, db: tx, durationMs, direction }) => {
          calls.push(`done ${id} ${durationMs >= 0}`)
          if (direction === 'up') await tx.run(sql.statement`insert into audit (entry) values (${id})`)
        },
        afterRun: (outcome) =>
          void calls.push('result' in outcome ? `at ${outcome.result.heads.join(' ')}` : 'failed'),
      })
      await migrator.upgrade()
      expect(calls).toEqual(['run up a b', 'up a audit', 'done a true', 'up b items', 'done b true', 'at b'])
      expect(await db().all(select(audit.entry).from(audit).orderBy(audit.id))).toEqual(['a', 'b'])
      calls.length = 0
      await migrator.upgrade()
      expect(calls).toEqual([])
      await migrator.downgrade('-1')
      expect(calls).toEqual(['run down b', 'down b items', 'done b true', 'at a'])
    })

    it('that throw are named, and nothing of the revision is kept', async () => {
      const outcomes: unknown[] = []
      const migrator = run({
        afterRevision: ({ revision: id }) => {
          if (id === 'b') throw new Error('not today')
        },
        afterRun: (outcome) => void outcomes.push('error' in outcome ? outcome.error : outcome.result),
      })
      const failure = {
        code: 'hook_failed',
        revision: 'b',
        message:
          "The hook afterRevision of revision 'b' failed: not today\nThe transaction that it was called in was rolled back; the revisions before this one stay as they are.",
      }
      await expect(migrator.upgrade()).rejects.toMatchObject(failure)
      expect(outcomes).toMatchObject([failure])
      expect((await migrator.current()).heads).toMatchObject([{ id: 'a' }])
      await expect(db().all(select(items).from(items))).rejects.toThrow()
      await expect(
        run({
          beforeRun: () => {
            throw new Error('closed')
          },
        }).upgrade(),
      ).rejects.toThrow(/^The hook beforeRun of the run failed: closed/)
      expect((await migrator.current()).heads).toMatchObject([{ id: 'a' }])
    })

    it('see the error of a revision', async () => {
      const errors: unknown[] = []
      const bad = revision({
        id: 'c',
        parents: ['b'],
        message: 'bad',
        up: [sql.statement`select 1 from nowhere`],
      })
      const migrator = run({ afterRun: (o) => void errors.push('error' in o && o.error) }, [
        ...revisions,
        bad,
      ])
      await expect(migrator.upgrade()).rejects.toMatchObject({ code: 'operation_failed', revision: 'c' })
      expect(errors).toMatchObject([{ code: 'operation_failed', revision: 'c' }])
    })
  })
})

describe('the version table', () => {
  onEveryDialect((db) => {
    it('says what was applied when, by which version, in what time', async () => {
      const before = Date.now() - 60_000
      await createMigrator({ db: db(), revisions }).upgrade()
      const { heads } = await createMigrator({ db: db(), revisions }).current()
      expect(heads).toMatchObject([
        { id: 'b', message: 'items', version: expect.stringMatching(/^\d+\.\d+\.\d+/) },
      ])
      expect(heads[0]?.hash).toMatch(/^[0-9a-f]{64}$/)
      expect(heads[0]?.durationMs).toBeGreaterThanOrEqual(0)
      expect(heads[0]?.appliedAt.getTime()).toBeGreaterThan(before)
      await createMigrator({ db: db(), revisions }).stamp('base')
      await createMigrator({ db: db(), revisions }).stamp('head')
      expect((await createMigrator({ db: db(), revisions }).current()).heads[0]?.durationMs).toBe(null)
    })

    it('of before versions were written is read, and becomes what it should be', async () => {
      const timestamp = db().dialect.name === 'postgres' ? sql.fragment`timestamptz` : sql.fragment`text`
      await db().run(
        sql.statement`create table espalier_versions (id text primary key, message text not null, applied_at ${timestamp} not null, duration_ms integer, hash text not null)`,
      )
      await db().run(
        sql.statement`insert into espalier_versions values ('a', 'audit', '2026-01-02T03:04:05.000Z', 7, 'of another kind')`,
      )
      await db().run(sql.statement`create table audit (id integer primary key, entry text)`)
      const migrator = createMigrator({ db: db(), revisions })
      const row = { id: 'a', durationMs: 7, version: null, appliedAt: new Date('2026-01-02T03:04:05.000Z') }
      expect(await migrator.current()).toMatchObject({ heads: [row], pending: ['b'] })
      expect(await migrator.script('up', 'head')).toMatch(
        /^alter table "espalier_versions" add column "version" text/,
      )
      expect(await migrator.upgrade()).toMatchObject({ edited: [], heads: ['b'] })
      expect((await migrator.history()).map(({ applied }) => applied?.version)).toEqual([
        null,
        expect.stringMatching(/^\d/),
      ])
    })
  })
})
