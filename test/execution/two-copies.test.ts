import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type * as Core from '@espalier/core'
import type * as Pglite from '@espalier/dialects/pglite'
import type * as Sqlite from '@espalier/dialects/sqlite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { install } from '../migrate/installation.js'
import { errorOf } from '../support/sql.js'

/** What a program has of its installed packages. */
interface Copy {
  readonly core: typeof Core
  readonly sqlite: typeof Sqlite
  readonly pglite: typeof Pglite
}

const directories = [0, 1].map(() => mkdtempSync(join(tmpdir(), 'espalier-copy-')))
afterAll(() => {
  for (const directory of directories) rmSync(directory, { recursive: true, force: true })
})

function esm(directory: string): Promise<Copy> {
  const entry = join(directory, 'entry.mjs')
  writeFileSync(
    entry,
    "export * as core from '@espalier/core'\nexport * as sqlite from '@espalier/dialects/sqlite'\nexport * as pglite from '@espalier/dialects/pglite'\n",
  )
  // By Node itself: the runner of the tests would take the sources for the packages.
  const loader = join(directory, 'load.cjs')
  writeFileSync(loader, 'module.exports = (url) => import(url)')
  return createRequire(loader)(loader)(pathToFileURL(entry).href)
}

function cjs(directory: string): Copy {
  const require = createRequire(join(directory, 'entry.cjs'))
  return {
    core: require('@espalier/core'),
    sqlite: require('@espalier/dialects/sqlite'),
    pglite: require('@espalier/dialects/pglite'),
  }
}

const copies: Record<string, Copy> = {}
beforeAll(async () => {
  await Promise.all(directories.map(install))
  copies.one = await esm(directories[0]!)
  copies.other = await esm(directories[1]!)
  copies.commonjs = cjs(directories[0]!)
}, 120_000)

/** Tables as one copy declares them. */
const schema = ({ core }: Copy) => {
  const app = core.metadata({ columnNames: 'snake_case' })
  const users = app.table(
    'users',
    {
      id: core.bigint().primaryKey(),
      name: core.text().notNull(),
      tags: core.jsonb<{ roles: string[] }>(),
      bossId: core.bigint(),
      seen: core.timestamptz().notNull().default(core.now()),
    },
    (t) => [core.check(t.name.ne(''))],
  )
  const posts = app.table('posts', {
    id: core.bigint().primaryKey(),
    authorId: core
      .bigint()
      .notNull()
      .references(() => users.id),
    title: core.text().notNull(),
  })
  return { users, posts }
}

it('are two', () => {
  expect(copies.one!.core.select).not.toBe(copies.other!.core.select)
  expect(copies.one!.core.select).not.toBe(copies.commonjs!.core.select)
})

describe.each([
  ['one', 'other'],
  ['other', 'one'],
  ['one', 'commonjs'],
  ['commonjs', 'other'],
])('tables of %s in statements of %s', (tables, statements) => {
  const kinds = tables === 'one' ? (['sqlite', 'pglite'] as const) : (['sqlite'] as const)
  describe.each(kinds)('on %s', (kind) => {
    it.each(kind === 'pglite' ? [statements] : [tables, statements])('of %s', async (owner) => {
      const { users, posts } = schema(copies[tables]!)
      const c = copies[statements]!.core
      const copy = copies[owner]!
      await using db = kind === 'sqlite' ? copy.sqlite.sqlite(':memory:') : await copy.pglite.pglite()
      for (const statement of c.createAll([users, posts], db.dialect)) await db.run(statement)
      const seen = new Date('2026-01-02T03:04:05Z')
      await db.run(
        c.insert(users).values([
          { id: 1n, name: 'Ann', tags: { roles: ['admin'] }, bossId: null, seen },
          { id: 2n, name: 'Bob', tags: null, bossId: 1n, seen },
        ]),
      )
      await db.load(posts, [
        { id: 1n, authorId: 1n, title: 'First' },
        { id: 2n, authorId: 2n, title: 'Second' },
      ])
      const boss = users.as('boss')
      const busy = c.cte(
        'busy',
        c.select({ author: posts.authorId, n: c.count() }).from(posts).groupBy(posts.authorId),
      )
      const query = c
        .select({
          name: users.name,
          boss: boss.name,
          n: busy.n,
          role: c.coalesce(c.jsonOf(users.tags).get('roles').at(0).text(), 'none'),
          posts: c.nest.many(c.select(posts).from(posts).where(posts.authorId.eq(users.id))),
        })
        .from(users)
        .join(busy, busy.author.eq(users.id))
        .leftJoin(boss, boss.id.eq(users.bossId))
        .where(c.or(users.name.like('A%'), c.not(users.seen.lt(seen))))
        .orderBy(users.id)
      const expected = [
        { name: 'Ann', boss: null, n: 1, role: 'admin', posts: [{ id: 1n, authorId: 1n, title: 'First' }] },
        { name: 'Bob', boss: 'Ann', n: 1, role: 'none', posts: [{ id: 2n, authorId: 2n, title: 'Second' }] },
      ]
      expect(await db.all(query)).toEqual(expected)
      // What one copy writes as JSON, the other reads; what one rewrites, the other made.
      const foreign = copies[tables]!.core
      expect(await db.all(foreign.copyTree(query))).toEqual(expected)
      const json = JSON.parse(JSON.stringify(foreign.toJSON(query)))
      expect(await db.all(foreign.fromJSON(json) as never)).toEqual(expected)
      expect(foreign.sameTree(query as never, c.copyTree(query) as never)).toBe(true)
      await db.transaction(async (tx) => {
        await tx.run(
          c
            .insert(users)
            .values({ id: 1n, name: 'Ann', seen })
            .onConflict(users.id)
            .doUpdate((t, excluded) => ({ name: c.lower(excluded.name).concat(t.name) })),
        )
        await tx.run(
          c
            .update(users)
            .set({ bossId: null })
            .where(c.exists(c.select(posts.id).from(posts).where(posts.authorId.eq(users.id)))),
        )
        await tx.run(
          c.deleteFrom(posts).where(posts.id.in(c.select(users.id).from(users).where(users.name.eq('Bob')))),
        )
      })
      expect(
        await db.all(
          c.select({ id: users.id, name: users.name, bossId: users.bossId }).from(users).orderBy(users.id),
        ),
      ).toEqual([
        { id: 1n, name: 'annAnn', bossId: null },
        { id: 2n, name: 'Bob', bossId: null },
      ])
      expect(
        await db.all(
          c.sql.query({ n: c.integer() })`select count(*) as n from ${posts} where ${posts.id.eq(1n)}`,
        ),
      ).toEqual([{ n: 1 }])
      expect((await db.all(c.explain(query))).length).toBeGreaterThan(0)
      const raw = c.sql<string>`upper(${users.name})`
      expect(await db.all(foreign.select(raw).from(users).orderBy(users.id))).toEqual(['ANNANN', 'BOB'])
      for (const one of [c, foreign]) {
        const inspected = one.inspect(query)
        expect(inspected.tables.map(({ name }) => name).sort()).toEqual(['posts', 'users'])
        expect(inspected.columns.map(({ name }) => name)).toContain('boss_id')
      }
      const counted = c
        .select({ name: users.name, n: foreign.count(users.id) })
        .from(users)
        .groupBy(users.name)
      expect(await db.all(counted.orderBy(users.name))).toEqual([
        { name: 'Bob', n: 1 },
        { name: 'annAnn', n: 1 },
      ])
      const misfit = await errorOf(() =>
        c
          .insert(posts)
          .values({ id: 'x' as never, authorId: 1n, title: '' })
          .toSQL(db.dialect),
      )
      expect(misfit.message).toMatch(/^posts\.id: "x" is no value for bigint/)
      if (kind === 'pglite') {
        const merge = c
          .mergeInto(posts)
          .using(users, users.id.eq(posts.authorId))
          .whenMatched()
          .doUpdate({ title: 'merged' })
          .returning({ id: posts.id, done: foreign.mergeAction() })
        expect(await db.all(merge)).toEqual([{ id: 1n, done: 'UPDATE' }])
      }
      const locked = c
        .select(users.id)
        .from(users)
        .add(c.forUpdate({ of: users }))
      if (kind === 'pglite') expect(await db.all(locked)).toHaveLength(2)
      const error = await errorOf(() =>
        db.run(c.insert(posts).values({ id: 1n, authorId: 1n, title: 'again' })),
      )
      for (const one of Object.values(copies)) expect(one.core.isEspalierError(error)).toBe(true)
      expect(error.code).toBe('unique_violation')
      expect(
        (
          await errorOf(() =>
            c
              .update(users)
              .set({ name: undefined as never })
              .where(users.id.eq(1n)),
          )
        ).message,
      ).toContain('name')
    })
  })
})
