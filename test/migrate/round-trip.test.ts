import {
  bigint,
  boolean,
  check,
  createTable as coreCreateTable,
  dropTable as coreDropTable,
  count,
  deleteFrom,
  index,
  insert,
  integer,
  lower,
  now,
  select,
  splitPart,
  sql,
  table,
  text,
  timestamptz,
  unique,
  update,
} from '@espalier/core'
import {
  addColumn,
  createIndex,
  createMigrator,
  createTable,
  dropColumn,
  dropIndex,
  dropTable,
  execute,
  type Progress,
  revision,
  run,
} from '@espalier/migrate'
import { describe, expect, it } from 'vitest'
import { onEveryDatabase } from './databases.js'

const orgs = table('orgs', { id: integer().primaryKey(), name: text().notNull().unique() })
const users = table(
  'users',
  {
    id: bigint().identity().primaryKey(),
    orgId: integer('org_id').references(() => orgs.id, { onDelete: 'cascade' }),
    fullName: text('full_name').notNull(),
    active: boolean().notNull().default(true),
    createdAt: timestamptz('created_at').notNull().default(now()),
  },
  (t) => [unique(t.orgId, t.fullName), check(t.fullName.ne('')), index(lower(t.fullName))],
)
const split = table('users', {
  id: bigint().primaryKey(),
  fullName: text('full_name'),
  firstName: text('first_name'),
  lastName: text('last_name'),
})

const first = revision({
  id: 'a1',
  parents: [],
  message: 'orgs and users',
  up: [
    createTable(orgs),
    createTable(users),
    execute(insert(orgs).values({ id: 1, name: "O'Neill & \\ Sons" }), {
      reverse: deleteFrom(orgs).everyRow(),
    }),
  ],
})
const second = revision({
  id: 'b2',
  parents: ['a1'],
  message: 'split full name',
  up: [
    addColumn('users', { firstName: text('first_name'), lastName: text('last_name') }, (t) => [
      index(t.lastName),
    ]),
    execute(
      update(split)
        .set({ firstName: splitPart(split.fullName, ' ', 1), lastName: splitPart(split.fullName, ' ', 2) })
        .everyRow(),
      { reverse: 'nothing' },
    ),
    createIndex(split, (t) => index(t.firstName.desc()).where(t.lastName.isNotNull()).named('by first name')),
  ],
})
const third = revision({
  id: 'c3',
  parents: ['b2'],
  message: 'what is left',
  up: [
    dropIndex(split, (t) => index(t.firstName.desc()).where(t.lastName.isNotNull()).named('by first name')),
    dropColumn('users', { lastName: text('last_name') }, (t) => [index(t.lastName)]),
    run(
      async (db, { revision, direction }) => {
        expect([revision, direction]).toEqual(['c3', 'up'])
        for (const user of await db.all(select({ id: split.id, name: split.firstName }).from(split))) {
          await db.run(
            update(split)
              .set({ firstName: user.name?.toUpperCase() ?? null })
              .where(split.id.eq(user.id)),
          )
        }
      },
      { reverse: async (db) => void (await db.run(update(split).set({ firstName: 'undone' }).everyRow())) },
    ),
  ],
})
const revisions = [third, first, second] // The order does not matter.

describe('a database goes up and down its history with its rows', () => {
  onEveryDatabase((db) => {
    const names = async () =>
      db().all(select({ first: split.firstName, last: split.lastName }).from(split).orderBy(split.id))

    it('applies revisions in order, each once', async () => {
      const migrator = createMigrator({ db: db(), revisions })
      expect((await migrator.current()).heads).toEqual([])

      const one = await migrator.upgrade('+1')
      expect(one).toMatchObject({
        direction: 'up',
        revisions: [{ id: 'a1', message: 'orgs and users', operations: 3 }],
        skipped: [],
        edited: [],
        heads: ['a1'],
      })
      await db().run(
        insert(users).values([
          { orgId: 1, fullName: 'Ann Lee' },
          { orgId: 1, fullName: 'Bo' },
        ]),
      )

      expect((await migrator.upgrade('b')).heads).toEqual(['b2'])
      expect(await names()).toEqual([
        { first: 'Ann', last: 'Lee' },
        { first: 'Bo', last: '' },
      ])

      expect((await migrator.upgrade()).revisions.map(({ id }) => id)).toEqual(['c3'])
      expect(await db().all(select(split.firstName).from(split).orderBy(split.id))).toEqual(['ANN', 'BO'])
      expect(await migrator.upgrade()).toMatchObject({ revisions: [], heads: ['c3'] })
    })

    it('undoes them, last operation first, and can begin again', async () => {
      const migrator = createMigrator({ db: db(), revisions })
      await migrator.upgrade('b2')
      await db().run(insert(users).values({ orgId: 1, fullName: 'Ann Lee' }))
      await migrator.upgrade()

      expect(await migrator.downgrade('-1')).toMatchObject({
        direction: 'down',
        revisions: [{ id: 'c3' }],
        heads: ['b2'],
      })
      expect(await names()).toEqual([{ first: 'undone', last: null }])
      expect((await migrator.downgrade('a1')).heads).toEqual(['a1'])
      expect(await db().scalar(select(count()).from(users))).toBe(1)
      expect((await migrator.downgrade('base')).revisions.map(({ id }) => id)).toEqual(['a1'])
      await expect(db().all(select(users).from(users))).rejects.toThrow()

      expect((await migrator.upgrade()).revisions.map(({ id }) => id)).toEqual(['a1', 'b2', 'c3'])
    })

    it('says where the database is, and writes nothing to say it', async () => {
      const migrator = createMigrator({ db: db(), revisions, versionTable: 'my versions' })
      expect(await migrator.current()).toEqual({
        heads: [],
        applied: 0,
        pending: ['a1', 'b2', 'c3'],
        unknown: [],
        unfinished: [],
      })
      expect((await migrator.history()).every((state) => state.applied === undefined)).toBe(true)
      await expect(db().all(sql.statement`select 1 from "my versions"`)).rejects.toThrow()

      const before = Date.now()
      await migrator.upgrade('b2')
      const { heads, applied, pending } = await migrator.current()
      expect({ applied, pending }).toEqual({ applied: 2, pending: ['c3'] })
      const head = heads[0]
      expect(head).toMatchObject({
        id: 'b2',
        message: 'split full name',
        hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      })
      expect(head?.durationMs).toBeGreaterThanOrEqual(0)
      expect(Math.abs((head?.appliedAt.getTime() ?? 0) - before)).toBeLessThan(60_000)
      expect(await migrator.history()).toMatchObject([
        { id: 'a1', isHead: false, applied: { id: 'a1' }, edited: false },
        { id: 'b2', isHead: false, applied: { id: 'b2' }, edited: false },
        { id: 'c3', isHead: true, applied: undefined, edited: false },
      ])
    })

    it('tells of its progress', async () => {
      const events: Progress[] = []
      await createMigrator({
        db: db(),
        revisions: [first],
        onProgress: (event) => events.push(event),
      }).upgrade()
      expect(events).toMatchObject([
        { kind: 'revision', direction: 'up', revision: 'a1', number: 1, total: 1 },
        { kind: 'operation', description: 'create table orgs', number: 1, total: 3 },
        { kind: 'operation', description: 'create table users', number: 2, total: 3 },
        { kind: 'operation', description: 'insert into orgs', number: 3, total: 3 },
        { kind: 'done', revision: 'a1' },
      ])
    })

    it('writes a script which does the same when it is run by hand', async () => {
      const plain = [first, second]
      const migrator = createMigrator({ db: db(), revisions: plain })
      for (const target of ['up', 'down'] as const) {
        const script = await migrator.script(target, target === 'up' ? 'head' : 'base')
        const lines = script.split('\n').filter((line) => line !== '' && !line.startsWith('--'))
        await db().session(async (session) => {
          for (const line of lines) {
            await session.run(sql.statement(Object.assign([line], { raw: [line] })))
          }
        })
        expect((await migrator.current()).applied).toBe(target === 'up' ? 2 : 0)
      }
      expect(await migrator.script('down', 'base')).toBe('')
      const commented = revision({
        id: 'commented',
        parents: [],
        message: 'commented',
        up: [sql.statement`select 1 -- a note`],
      })
      expect(await createMigrator({ db: db(), revisions: [commented] }).script('up', 'head')).toContain(
        '\nselect 1 -- a note\n;\n',
      )
      await expect(createMigrator({ db: db(), revisions }).script('up', 'head')).rejects.toThrow(
        /Revision 'c3' .* code \(run a function\), which no script can contain/,
      )
      expect(await createMigrator({ db: db(), revisions }).script('up', 'head', { lenient: true })).toContain(
        '-- (code, which runs here)',
      )
    })

    it("refuses core's own statements for tables, which it could neither undo nor check", () => {
      const notes = table('notes', { id: integer().primaryKey() })
      for (const statement of [coreCreateTable(notes), coreDropTable(notes)]) {
        expect(() => revision({ id: 'core', parents: [], message: 'core', up: [statement] })).toThrow(
          /@espalier\/migrate/,
        )
        expect(() => execute(statement)).toThrow(/@espalier\/migrate/)
      }
    })

    it('takes bare statements, and a down that is written by hand', async () => {
      const migrator = createMigrator({
        db: db(),
        revisions: [
          first,
          revision({
            id: 'z9',
            parents: ['a1'],
            message: 'more orgs',
            up: [
              insert(orgs).values({ id: 2, name: 'two' }),
              sql.statement`insert into orgs (id, name) values (${3}, ${'three'})`,
            ],
            down: [deleteFrom(orgs).where(orgs.id.gt(1))],
          }),
        ],
      })
      await migrator.upgrade()
      expect(await db().all(select(orgs.id).from(orgs).orderBy(orgs.id))).toEqual([1, 2, 3])
      await migrator.downgrade('-1')
      expect(await db().all(select(orgs.id).from(orgs))).toEqual([1])
    })

    it('takes names of every kind', async () => {
      const hostile = `it's "q"; drop table users; -- $1 ? :x é 🌱`
      const strange = table(
        hostile,
        { 'a "b" c': integer().primaryKey(), ';--': text("'; --").notNull().default("'\\\n?") },
        (t) => [index(t[';--']).named('idx "1"')],
      )
      const migrator = createMigrator({
        db: db(),
        versionTable: `ver"sions'`,
        revisions: [
          revision({ id: 'a', parents: [], message: `-- '; "\n drop`, up: [createTable(strange)] }),
          revision({
            id: 'b',
            parents: ['a'],
            message: hostile,
            up: [
              addColumn(hostile, { 'x"y': integer().references(() => strange['a "b" c']) }),
              createIndex(strange, (t) => index(t['a "b" c'], t[';--']).named(`'"`)),
              insert(strange).values({ 'a "b" c': 1 }),
            ],
            down: [
              dropIndex(strange, (t) => index(t['a "b" c'], t[';--']).named(`'"`)),
              dropColumn(hostile, 'x"y'),
              deleteFrom(strange).everyRow(),
            ],
          }),
        ],
      })
      await migrator.upgrade()
      expect(await db().all(select(strange).from(strange))).toEqual([{ 'a "b" c': 1, ';--': "'\\\n?" }])
      expect((await migrator.current()).heads[0]?.message).toBe(hostile)
      expect((await migrator.downgrade('base')).heads).toEqual([])
    })

    it('creates again what was dropped by its definition', async () => {
      const migrator = createMigrator({
        db: db(),
        revisions: [
          first,
          revision({ id: 'd', parents: ['a1'], message: 'drop', up: [dropTable(users), dropTable(orgs)] }),
        ],
      })
      await migrator.upgrade()
      await migrator.downgrade('-1')
      await db().run(insert(orgs).values({ id: 5, name: 'five' }))
      await db().run(insert(users).values({ orgId: 5, fullName: 'Ann' }))
      await expect(db().run(insert(users).values({ orgId: 5, fullName: 'Ann' }))).rejects.toMatchObject({
        code: 'unique_violation',
      })
    })
  })
})
