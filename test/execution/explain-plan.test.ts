import {
  count,
  createAll,
  deleteFrom,
  explainPlan,
  index,
  integer,
  type PlanStep,
  planText,
  type StatementPlan,
  select,
  sql,
  table,
  text,
} from '@espalier/core'
import { beforeAll, describe, expect, it } from 'vitest'
import { bothDatabases } from '../support/databases.js'
import { errorOf } from '../support/sql.js'

const { postgresql, lite } = await bothDatabases()

const authors = table('authors', { id: integer().primaryKey(), name: text().notNull() })
const posts = table(
  'posts of all',
  { id: integer().primaryKey(), authorId: integer('author_id').notNull(), kind: text().notNull() },
  (t) => [index(t.authorId).named('posts_by_author')],
)

beforeAll(async () => {
  for (const db of [postgresql, lite]) {
    for (const statement of createAll([authors, posts], db.dialect)) await db.run(statement)
    await db.load(
      authors,
      Array.from({ length: 100 }, (_, i) => ({ id: i, name: `author ${i}` })),
    )
    await db.load(
      posts,
      Array.from({ length: 5000 }, (_, i) => ({ id: i, authorId: i % 100, kind: i < 10 ? 'rare' : 'usual' })),
    )
  }
  await postgresql.run(sql.statement`analyze authors`)
})

const all = (step: PlanStep): PlanStep[] => [step, ...step.children.flatMap(all)]
const byAuthor = select({ name: authors.name, n: count() })
  .from(authors)
  .join(posts, posts.authorId.eq(authors.id))
  .where(posts.kind.eq('usual'))
  .groupBy(authors.name)
  .orderBy(authors.name)

describe('PostgreSQL', () => {
  it('gives the estimates of each step', async () => {
    const plan = await explainPlan(postgresql, select(authors).from(authors).where(authors.id.eq(5)))
    expect(plan).toEqual({
      node: expect.stringMatching(/^(Seq Scan|Index Scan)$/),
      relation: 'authors',
      alias: undefined,
      index: plan.node === 'Index Scan' ? 'authors_pkey' : undefined,
      conditions: [expect.stringMatching(/^(Filter|Index Cond): \(id = 5\)$/)],
      rows: 1,
      cost: { first: expect.any(Number), total: expect.any(Number) },
      actual: undefined,
      children: [],
      planning: undefined,
      execution: undefined,
    } satisfies StatementPlan)
    expect(plan.cost!.total).toBeGreaterThan(0)
    expect(planText(plan)).toBe(
      [
        `${plan.node} on authors${plan.index === undefined ? '' : ` by ${plan.index}`} · 1 row expected · cost ${plan.cost!.total}`,
        `   ${plan.conditions[0]}`,
      ].join('\n'),
    )
  })

  it('runs the statement with analyze, and measures it', async () => {
    const plan = await explainPlan(postgresql, byAuthor, { analyze: true })
    const steps = all(plan)
    expect(plan.actual).toMatchObject({ rows: 100, loops: 1 })
    expect(plan.execution).toBeGreaterThan(0)
    expect(plan.planning).toBeGreaterThan(0)
    const scan = steps.find(({ relation }) => relation === 'posts of all')
    expect(scan?.actual?.rows).toBe(4990)
    // What a step took by itself and below adds up to the whole.
    const own = steps.reduce((sum, { actual }) => sum + actual!.ownMilliseconds, 0)
    expect(own).toBeCloseTo(plan.actual!.milliseconds, 1)
    const lines = planText(plan).split('\n')
    expect(lines.filter((line) => line.includes('slowest'))).toHaveLength(1)
    const slowest = steps.toSorted((a, b) => b.actual!.ownMilliseconds - a.actual!.ownMilliseconds)[0]!
    expect(lines.find((line) => line.includes('slowest'))).toContain(slowest.node)
    expect(lines.at(-2)).toMatch(/^planning \d+\.\d{3} ms$/)
    expect(lines.at(-1)).toMatch(/^execution \d+\.\d{3} ms$/)
  })

  it('marks where the planner expected other numbers of rows', async () => {
    await postgresql.session(async (session) => {
      await session.run(sql.statement`create temporary table grown (id integer)`)
      await session.run(sql.statement`insert into grown select generate_series(1, 10)`)
      await session.run(sql.statement`analyze grown`)
      await session.run(sql.statement`insert into grown select generate_series(11, 20000)`)
      const grown = table('grown', { id: integer() })
      const plan = await explainPlan(session, select(grown).from(grown).where(grown.id.gt(10)), {
        analyze: true,
      })
      expect(plan.actual?.rows).toBe(19990)
      expect(planText(plan)).toMatch(
        / on grown · 19990 rows \(expected \d+\).* times more rows than expected/,
      )
      const none = await explainPlan(
        session,
        select(grown).from(grown).where(sql<boolean>`${grown.id} % 7 > 9`),
        {
          analyze: true,
        },
      )
      expect(planText(none)).toMatch(/0 rows \(expected \d+\).*slowest, \d+ times fewer rows than expected/)
      const few = await explainPlan(session, select(grown).from(grown).limit(1), { analyze: true })
      expect(few).toMatchObject({ node: 'Limit', actual: { rows: 1 }, children: [{ actual: { rows: 1 } }] })
      expect(planText(few)).not.toContain('fewer')
    })
  })

  it('names what is written and what is never run', async () => {
    const undo = new Error('undo')
    const work = postgresql.transaction(async (tx) => {
      const statement = deleteFrom(posts).where(posts.id.eq(3))
      const plan = await explainPlan(tx, statement, { analyze: true })
      expect(plan).toMatchObject({ node: 'Delete', relation: 'posts of all' })
      expect(await tx.scalar(select(count()).from(posts).where(posts.id.eq(3)))).toBe(0)
      const none = select({ id: posts.id }).from(posts).where(sql<boolean>`false`, posts.id.eq(1))
      expect(planText(await explainPlan(tx, none, { analyze: true }))).toMatch(/^Result.*0 rows/)
      throw undo
    })
    expect(await errorOf(() => work)).toBe(undo)
    expect(await postgresql.scalar(select(count()).from(posts).where(posts.id.eq(3)))).toBe(1)
  })

  it('gives a function, a common table expression, an alias', async () => {
    const boss = authors.as('boss')
    const plan = await explainPlan(postgresql, select(boss).from(boss))
    expect(plan).toMatchObject({ relation: 'authors', alias: 'boss' })
    expect(planText(plan)).toMatch(/^Seq Scan on authors as boss · 100 rows expected/)
  })
})

describe('SQLite', () => {
  it('gives the steps with what they read by', async () => {
    const plan = await explainPlan(lite, byAuthor)
    expect(plan).toMatchObject({ node: 'QUERY PLAN', rows: undefined, cost: undefined, actual: undefined })
    expect(planText(plan)).toBe(
      [
        'QUERY PLAN',
        '├─ SCAN on posts of all',
        '├─ SEARCH on authors by INTEGER PRIMARY KEY',
        '│     (rowid=?)',
        '└─ USE TEMP B-TREE FOR GROUP BY',
      ].join('\n'),
    )
    expect(plan.children[1]).toEqual({
      node: 'SEARCH',
      relation: 'authors',
      alias: undefined,
      index: 'INTEGER PRIMARY KEY',
      conditions: ['(rowid=?)'],
      rows: undefined,
      cost: undefined,
      actual: undefined,
      children: [],
    })
  })

  it('names indexes, and nests the steps of a compound query', async () => {
    const some = select({ id: posts.authorId }).from(posts).where(posts.authorId.eq(3))
    const plan = await explainPlan(lite, some.unionAll(select({ id: authors.id }).from(authors)))
    expect(planText(plan)).toBe(
      [
        'QUERY PLAN',
        '└─ COMPOUND QUERY',
        '   ├─ LEFT-MOST SUBQUERY',
        '   │  └─ SEARCH on posts of all by posts_by_author',
        '   │        (author_id=?)',
        '   └─ UNION ALL',
        '      └─ SCAN on authors',
      ].join('\n'),
    )
    const constant = await explainPlan(lite, select({ one: sql<number>`1` }))
    expect(constant.children).toMatchObject([{ node: 'SCAN CONSTANT ROW', relation: undefined }])
  })

  it('refuses to measure', async () => {
    const error = await errorOf(() => explainPlan(lite, byAuthor, { analyze: true }))
    expect(error.message).toMatch(/SQLite has no explain with analyze/)
  })
})

it.each([
  ['PostgreSQL', postgresql],
  ['SQLite', lite],
])('refuses what has no plan, on %s', async (_name, db) => {
  const error = await errorOf(() => explainPlan(db, createAll([authors], db.dialect)[0] as never))
  expect(error.message).toBe(
    'explain(…) of createTable: only queries and writes of rows have a plan; this is neither.',
  )
})
