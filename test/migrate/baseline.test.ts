import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Database, integer, select, table, text } from '@espalier/core'
import { createMigrator, type Migrator, type Progress, revisionFiles, squash } from '@espalier/migrate'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { onEveryDialect, temporaryDirectory } from './databases.js'
import { install } from './installation.js'

const root = temporaryDirectory()
beforeAll(async () => void (await install(root)))
let count = 0
let directory: string
beforeEach(() => {
  directory = join(root, `history ${count++}`)
  mkdirSync(directory)
})

const items = table('items', { id: integer().primaryKey(), name: text() })
const hostile = "it's `${x}` \\n \\ é 🌱 ? $1\r\n"

function write(id: string, parents: string[], body: string): void {
  writeFileSync(
    join(directory, `${id}.ts`),
    `import { insert, integer, table, text } from '@espalier/core'
import { addColumn, createTable, execute, revision, run } from '@espalier/migrate'
const items = table('items', { id: integer().primaryKey(), name: text() })
const notes = table('notes', { id: integer().primaryKey() })
const row = (id: number, name: string) => execute(insert(items).values({ id, name }), { reverse: 'nothing' })
export default revision({ id: '${id}', parents: ${JSON.stringify(parents)}, message: 'about ${id}', ${body} })
`,
  )
}

/** a <- b <- c, each of which leaves something behind. */
function writeLine(): void {
  write('a', [], `up: [createTable(items), row(1, ${JSON.stringify(hostile)})]`)
  write('b', ['a'], "up: [row(2, 'two')]")
  write('c', ['b'], "up: [createTable(notes), row(3, 'three')]")
}

const names = (db: Database) => db.all(select(items.name).from(items).orderBy(items.id))
const ids = (list: readonly { readonly id: string }[]) => list.map(({ id }) => id)

describe('a baseline', () => {
  onEveryDialect((db) => {
    let events: Progress[]
    const migrator = (): Migrator => {
      events = []
      return createMigrator({ db: db(), directory, onProgress: (event) => events.push(event) })
    }
    const baseline = (options: { target?: string; id?: string } = {}) =>
      squash({ directory, dialect: db().dialect, id: 'base1', ...options })

    it('is what a new database runs, with the same outcome and a way back', async () => {
      writeLine()
      const made = await baseline()
      expect(made).toMatchObject({ id: 'base1', replaces: ['a', 'b', 'c'], reversible: true, skipped: [] })
      expect(made.statements).toBe(5)
      write('d', ['c'], "up: [row(4, 'four')]")
      const result = await migrator().upgrade()
      expect(ids(result.revisions)).toEqual(['base1', 'd'])
      expect(await names(db())).toEqual([hostile, 'two', 'three', 'four'])
      expect(ids((await migrator().current()).heads)).toEqual(['d'])
      expect(ids((await migrator().downgrade('base')).revisions)).toEqual(['d', 'base1'])
      await expect(names(db())).rejects.toThrow()
      expect((await migrator().upgrade()).heads).toEqual(['d'])
    })

    it.each(['', 'a', 'b', 'c', 'd'])('is accepted by a database at %j', async (place) => {
      writeLine()
      write('d', ['c'], "up: [row(4, 'four')]")
      if (place !== '') await migrator().upgrade(place)
      const before = ids((await migrator().history()).filter(({ applied }) => applied !== undefined))
      await baseline({ target: 'c' })

      const result = await migrator().upgrade()
      const left = ['a', 'b', 'c'].filter((id) => !before.includes(id))
      expect(ids(result.revisions)).toEqual([
        ...(place === '' ? ['base1'] : left),
        ...(place === 'd' ? [] : ['d']),
      ])
      expect(result.adopted).toEqual(place === '' ? [] : ['base1'])
      expect(result.heads).toEqual(['d'])
      expect(events.filter(({ kind }) => kind === 'adopted')).toEqual(
        place === '' ? [] : [{ kind: 'adopted', revision: 'base1', replaces: ['a', 'b', 'c'] }],
      )
      expect(await names(db())).toEqual([hostile, 'two', 'three', 'four'])

      for (const id of ['a', 'b', 'c']) rmSync(join(directory, `${id}.ts`))
      expect(await migrator().upgrade()).toMatchObject({ revisions: [], adopted: [], heads: ['d'] })
      expect(await migrator().current()).toMatchObject({ applied: 2, pending: [], unknown: [] })
      expect(ids(await migrator().history())).toEqual(['base1', 'd'])
    })

    it('counts as applied before the first run that writes it down, and in scripts', async () => {
      writeLine()
      await migrator().upgrade()
      await baseline()
      expect(await migrator().current()).toMatchObject({ heads: [{ id: 'base1' }], applied: 1, pending: [] })
      expect(await migrator().script('up', 'head')).toMatch(/insert into "espalier_versions" .*'base1'/)
      expect(await migrator().upgrade()).toMatchObject({
        revisions: [],
        adopted: ['base1'],
        heads: ['base1'],
      })
      expect(await migrator().script('up', 'head')).toBe('')
    })

    it('says so if the database is in the midst of what it replaces, and the files are gone', async () => {
      writeLine()
      await migrator().upgrade('b')
      await baseline()
      rmSync(join(directory, 'c.ts'))
      await expect(migrator().upgrade()).rejects.toMatchObject({
        code: 'unknown_revisions',
        message: expect.stringMatching(
          /is in the midst of the revisions that the baseline 'base1' in .* replaces: it has 'a', 'b' and lacks 'c', whose files are gone\. Restore/,
        ),
      })
    })

    it('may itself be squashed, for databases that ran it and for those before it', async () => {
      writeLine()
      await migrator().upgrade()
      await baseline()
      await migrator().upgrade()
      write('d', ['base1'], "up: [row(4, 'four')]")
      const second = await baseline({ id: 'base2' })
      expect(second.replaces).toEqual(['a', 'b', 'c', 'base1', 'd'])
      const result = await migrator().upgrade()
      expect(ids(result.revisions)).toEqual(['d'])
      expect(result.adopted).toEqual(['base2'])
      expect(ids(await migrator().history())).toEqual(['base2'])
      expect(await migrator().current()).toMatchObject({ heads: [{ id: 'base2' }], pending: [] })
      expect(await names(db())).toEqual([hostile, 'two', 'three', 'four'])
    })

    it('that was run new is in the midst of the next one', async () => {
      writeLine()
      await baseline()
      expect(ids((await migrator().upgrade()).revisions)).toEqual(['base1'])
      write('d', ['base1'], "up: [row(4, 'four')]")
      await baseline({ id: 'base2' })
      for (const id of ['a', 'b', 'c']) rmSync(join(directory, `${id}.ts`))
      const result = await migrator().upgrade()
      expect({ ran: ids(result.revisions), adopted: result.adopted }).toEqual({
        ran: ['d'],
        adopted: ['base2'],
      })
      expect(await names(db())).toEqual([hostile, 'two', 'three', 'four'])
    })

    it('leaves out code only if that is said', async () => {
      writeLine()
      write('d', ['c'], "up: [run(async () => {}, { description: 'tidy up' })]")
      await expect(baseline()).rejects.toMatchObject({
        code: 'not_sql',
        message: expect.stringMatching(/'d' in d\.ts, operation 1 \(tidy up\)\. .*--skip-code/),
      })
      const made = await squash({ directory, dialect: db().dialect, id: 'base1', skipCode: true })
      expect(made).toMatchObject({ reversible: false, skipped: ["'d' in d.ts, operation 1 (tidy up)"] })
      expect(ids((await migrator().upgrade()).revisions)).toEqual(['base1'])
      await expect(migrator().downgrade('base')).rejects.toMatchObject({ code: 'irreversible' })
    })

    it('is in the lock file at once, which the old files may leave', async () => {
      writeLine()
      const files = revisionFiles({ directory })
      await files.accept('all')
      const { file } = await baseline()
      expect(readFileSync(file, 'utf8')).toContain("replaces: ['a', 'b', 'c'],")
      expect(await files.check()).toMatchObject({ problems: [], heads: ['base1'] })
      for (const id of ['a', 'b', 'c']) rmSync(join(directory, `${id}.ts`))
      expect(await files.check()).toMatchObject({ problems: [], heads: ['base1'], revisions: 1 })
      expect((await files.accept('all')).forgotten).toEqual(['a', 'b', 'c'])
    })
  })

  it('needs something to stand for', async () => {
    write('a', [], 'up: []')
    const { sqliteDialect } = await import('@espalier/dialects/sqlite')
    await expect(squash({ directory, dialect: sqliteDialect })).rejects.toThrow(
      /There is nothing to squash: 'a' in a\.ts builds on no other revision/,
    )
    await expect(squash({ directory, dialect: sqliteDialect, target: 'base' })).rejects.toThrow(
      /names no single revision/,
    )
  })
})
