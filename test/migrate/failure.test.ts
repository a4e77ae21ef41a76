import {
  bigint,
  deleteFrom,
  exclude,
  insert,
  integer,
  select,
  sql,
  table,
  text,
  update,
} from '@espalier/core'
import { sqlite } from '@espalier/dialects/sqlite'
import {
  addColumn,
  createMigrator,
  createTable,
  dropColumn,
  dropIndex,
  dropTable,
  execute,
  MigrationError,
  revision,
  run,
} from '@espalier/migrate'
import { afterEach, describe, expect, it } from 'vitest'
import { onEveryDialect } from './databases.js'

const items = table('items', { id: integer().primaryKey(), name: text().notNull().unique() })
const parts = table('parts', {
  id: integer().primaryKey(),
  itemId: integer('item_id').references(() => items.id, { onDelete: 'cascade' }),
})

const first = revision({
  id: 'a1',
  parents: [],
  message: 'items',
  up: [createTable(items), execute(insert(items).values({ id: 1, name: 'one' }), { reverse: 'nothing' })],
})

async function failure(promise: Promise<unknown>): Promise<MigrationError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(MigrationError)
  return error as MigrationError
}

describe('a revision that fails', () => {
  onEveryDialect((db) => {
    it('leaves nothing behind, schema and rows alike, and the revisions before it applied', async () => {
      const bad = revision({
        id: 'b2',
        parents: ['a1'],
        message: 'fails',
        up: [
          createTable(parts),
          addColumn('items', { extra: text() }),
          insert(items).values({ id: 2, name: 'two' }),
          insert(items).values({ id: 3, name: 'one' }),
          sql.statement`never run`,
        ],
      })
      const last = revision({ id: 'c3', parents: ['b2'], message: 'never', up: [] })
      const migrator = createMigrator({ db: db(), revisions: [first, bad, last] })

      const error = await failure(migrator.upgrade())
      expect(error).toMatchObject({
        code: 'operation_failed',
        revision: 'b2',
        operation: 4,
        description: 'insert into items',
        sql: expect.stringMatching(/^insert into "items" \("id", "name"\) values \((\$1, \$2|\?, \?)\)$/),
        cause: { code: 'unique_violation' },
      })
      expect(error.message).toMatch(
        /^Revision 'b2' \(fails\), operation 4 of 5 \(insert into items\) failed: /,
      )
      expect(error.message).toContain('insert into "items"')
      expect(error.message).toContain('Nothing of this revision was kept')

      expect(await db().all(select(items).from(items))).toEqual([{ id: 1, name: 'one' }])
      await expect(db().all(select(parts).from(parts))).rejects.toThrow()
      await expect(db().all(sql.statement`select extra from items`)).rejects.toThrow()
      expect(await migrator.current()).toMatchObject({ heads: [{ id: 'a1' }], pending: ['b2', 'c3'] })
    })

    it('rolls back what code has done before it threw', async () => {
      const bad = revision({
        id: 'b2',
        parents: ['a1'],
        message: 'code',
        up: [
          run(async (tx) => {
            await tx.run(deleteFrom(items).everyRow())
            throw new Error('on purpose')
          }),
        ],
      })
      const error = await failure(createMigrator({ db: db(), revisions: [first, bad] }).upgrade())
      expect(error.message).toMatch(/operation 1 of 1 \(run a function\) failed: on purpose/)
      expect(await db().all(select(items.id).from(items))).toEqual([1])
    })

    it('can be corrected and run again', async () => {
      const attempt = (name: string) =>
        revision({ id: 'b2', parents: ['a1'], message: 'x', up: [insert(items).values({ id: 2, name })] })
      await failure(createMigrator({ db: db(), revisions: [first, attempt('one')] }).upgrade())
      const { revisions } = await createMigrator({ db: db(), revisions: [first, attempt('two')] }).upgrade()
      expect(revisions.map(({ id }) => id)).toEqual(['b2'])
    })

    it('is told before anything runs if the dialect cannot run it', async () => {
      const impossible = revision({
        id: 'b2',
        parents: ['a1'],
        message: 'impossible',
        up: [update(items).set({ name: 'x' }) as never, dropTable(items)],
      })
      const migrator = createMigrator({ db: db(), revisions: [first, impossible] })
      const error = await failure(migrator.upgrade())
      expect(error).toMatchObject({
        code: 'cannot_compile',
        revision: 'b2',
        operation: 1,
        cause: { code: 'no_where' },
      })
      expect(error.message).toMatch(/Nothing was run\.$/)
      expect((await migrator.current()).applied).toBe(0)
    })

    it('drops no table to which rows of another refer', async () => {
      const migrator = createMigrator({
        db: db(),
        revisions: [
          first,
          revision({
            id: 'b2',
            parents: ['a1'],
            message: 'parts',
            up: [createTable(parts), insert(parts).values({ id: 7, itemId: 1 })],
          }),
          revision({ id: 'c3', parents: ['b2'], message: 'drop', up: [dropTable(items)] }),
        ],
      })
      const error = await failure(migrator.upgrade())
      expect(error).toMatchObject({
        code: 'operation_failed',
        revision: 'c3',
        description: 'drop table items',
      })
      expect(error.message).toContain('Foreign keys of parts refer to items')
      expect(await db().all(select(parts).from(parts))).toEqual([{ id: 7, itemId: 1 }])
      expect(await db().all(select(items.id).from(items))).toEqual([1])
    })

    it('drops a table to which only itself or nothing refers any more', async () => {
      const tree = table('tree', { id: bigint().primaryKey(), parent: bigint().references('tree.id') })
      const migrator = createMigrator({
        db: db(),
        revisions: [
          first,
          revision({
            id: 'b2',
            parents: ['a1'],
            message: 'x',
            up: [
              createTable(parts),
              createTable(tree),
              insert(tree).values([
                { id: 1n, parent: null },
                { id: 2n, parent: 1n },
              ]),
            ],
          }),
          revision({
            id: 'c3',
            parents: ['b2'],
            message: 'y',
            up: [dropTable(tree), dropTable(parts), dropTable(items)],
          }),
        ],
      })
      expect((await migrator.upgrade()).heads).toEqual(['c3'])
      expect((await migrator.downgrade('-1')).heads).toEqual(['b2'])
    })
  })
})

describe('a revision that cannot be undone', () => {
  onEveryDialect((db) => {
    it('says what stands in the way, before anything is undone', async () => {
      const second = revision({
        id: 'b2',
        parents: ['a1'],
        message: 'one way',
        up: [
          addColumn('items', { extra: text() }),
          insert(items).values({ id: 2, name: 'two' }),
          dropColumn('items', 'extra'),
          run(async function copyNames() {}),
        ],
      })
      const third = revision({ id: 'c3', parents: ['b2'], message: 'fine', up: [createTable(parts)] })
      const migrator = createMigrator({ db: db(), revisions: [first, second, third] })
      await migrator.upgrade()

      const error = await failure(migrator.downgrade('base'))
      expect(error).toMatchObject({ code: 'irreversible', revision: 'b2', operation: 2 })
      expect(error.message).toContain('Nothing was undone')
      expect(error.message).toContain('operation 2 (insert into items) cannot be reversed')
      expect(error.message).toContain("write execute(statement, { reverse: … }), or { reverse: 'nothing' }")
      expect(error.message).toContain('operation 3 (drop column extra of items) cannot be reversed')
      expect(error.message).toContain("dropColumn('items', { extra: text() })")
      expect(error.message).toContain('operation 4 (run copyNames) cannot be reversed')
      expect((await migrator.current()).heads).toMatchObject([{ id: 'c3' }])
      expect((await migrator.downgrade('-1')).heads).toEqual(['b2'])
    })

    it('names what is missing for tables and indexes given by name', async () => {
      const drops = revision({
        id: 'b2',
        parents: ['a1'],
        message: 'drops',
        up: [dropTable('gone', { ifExists: true })],
      })
      const migrator = createMigrator({ db: db(), revisions: [first, drops] })
      await migrator.upgrade()
      await expect(migrator.downgrade('a1')).rejects.toThrow(
        /give the table's definition to make this reversible: dropTable\(table\('gone', \{ … \}\)\)/,
      )
      expect(dropIndex('x').reverse()).toMatchObject({
        irreversible: expect.stringContaining('dropIndex(users, (t) => '),
      })
    })
  })
})

describe('a history that does not fit the database', () => {
  onEveryDialect((db) => {
    it('is refused if revisions are applied that it lacks', async () => {
      const second = revision({ id: 'b2', parents: ['a1'], message: 'the lost one', up: [] })
      await createMigrator({ db: db(), revisions: [first, second] }).upgrade()
      const migrator = createMigrator({ db: db(), revisions: [first] })
      for (const attempt of [
        () => migrator.upgrade(),
        () => migrator.downgrade('base'),
        () => migrator.script('up', 'head'),
      ]) {
        const error = await failure(attempt())
        expect(error.code).toBe('unknown_revisions')
        expect(error.message).toContain("'b2' (the lost one, applied 20")
      }
      expect(await migrator.current()).toMatchObject({
        heads: [{ id: 'a1' }],
        unknown: [{ id: 'b2', message: 'the lost one' }],
      })
    })

    it('tells which revisions were edited since', async () => {
      await createMigrator({ db: db(), revisions: [first] }).upgrade()
      const edited = revision({ ...first, up: [createTable(items)] })
      const events: string[] = []
      const migrator = createMigrator({
        db: db(),
        revisions: [edited],
        onProgress: ({ kind }) => events.push(kind),
      })
      expect(await migrator.history()).toMatchObject([{ id: 'a1', edited: true }])
      expect(await migrator.upgrade()).toMatchObject({ revisions: [], edited: ['a1'] })
      expect(events).toEqual(['edited'])
      expect((await createMigrator({ db: db(), revisions: [first] }).upgrade()).edited).toEqual([])
    })
  })
})

describe('SQLite', () => {
  const open: { close(): Promise<void> }[] = []
  afterEach(() => Promise.all(open.splice(0).map((db) => db.close())))

  it.each([
    [
      'an exclude constraint',
      addColumn('items', { code: text() }, (t) => [exclude('btree', [t.code, '='])]),
      /SQLite has no exclude constraints/,
    ],
    [
      'numbers of rows',
      addColumn('items', { code: integer().identity() }),
      /SQLite has no identity in add column/,
    ],
    ['cascade', dropTable('items', { cascade: true }), /has no drop table … cascade/],
  ])('says what to write in place of adding or dropping %s', async (_, operation, message) => {
    const db = sqlite(':memory:')
    open.push(db)
    const revisions = [first, revision({ id: 'b', parents: ['a1'], message: 'm', up: [operation] })]
    await expect(createMigrator({ db, revisions }).upgrade()).rejects.toThrow(message)
  })

  it('keeps the children of a table that is dropped, even where foreign keys are off', async () => {
    const db = sqlite(':memory:', { foreignKeys: false })
    open.push(db)
    const revisions = [
      first,
      revision({
        id: 'b',
        parents: ['a1'],
        message: 'm',
        up: [createTable(parts), insert(parts).values({ id: 1, itemId: 1 }), dropTable('ITEMS')],
      }),
    ]
    await expect(createMigrator({ db, revisions }).upgrade()).rejects.toThrow(
      /Foreign keys of parts refer to ITEMS; without it/,
    )
  })
})
