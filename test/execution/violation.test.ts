import {
  type CheckViolation,
  check,
  createAll,
  type ExecutionError,
  type ForeignKeyViolation,
  foreignKey,
  index,
  insert,
  integer,
  isViolationOf,
  lower,
  metadata,
  primaryKey,
  sql,
  text,
  type UniqueViolation,
  unique,
} from '@espalier/core'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { allDatabases } from '../support/databases.js'
import { errorOf } from '../support/sql.js'

const app = metadata({ columnNames: 'snake_case' })
const orgs = app.table('orgs', { id: integer().primaryKey(), shortName: text().notNull().unique() })
const users = app.table(
  'users',
  {
    id: integer().primaryKey(),
    orgId: integer().references(() => orgs.id),
    email: text().notNull(),
    nick: text(),
    age: integer(),
    score: integer(),
  },
  (t) => [
    unique(t.orgId, t.nick),
    index(lower(t.email)).unique(),
    index(t.score).unique().where(t.age.isNull()),
    check(t.age.gt(0)),
    check(t.score.gt(-1)).named('never negative'),
  ],
)
const seats = app.table('seats', { row: integer(), seat: integer() }, (t) => [primaryKey(t.row, t.seat)])
const tickets = app.table('tickets', { id: integer().primaryKey(), row: integer(), seat: integer() }, (t) => [
  foreignKey([t.row, t.seat], () => [seats.row, seats.seat]),
])

const databases = await allDatabases()
for (const { db } of databases) {
  for (const statement of createAll([orgs, users, seats, tickets], db.dialect)) await db.run(statement)
  await db.run(insert(orgs).values({ id: 1, shortName: 'acme' }))
  await db.run(insert(seats).values({ row: 1, seat: 1 }))
  await db.run(
    insert(users).values({ id: 1, orgId: 1, email: 'ann@x.org', nick: 'ann', age: null, score: 5 }),
  )
}
const another: { id: number; orgId: number; email: string; nick: string; age: number | null; score: number } =
  {
    id: 2,
    orgId: 1,
    email: 'bob@x.org',
    nick: 'bob',
    age: 20,
    score: 6,
  }

describe.each(databases)('$name', ({ name, db }) => {
  const adding = (row: Partial<typeof another>) =>
    errorOf(() => db.run(insert(users).values({ ...another, ...row })))

  it('tells which unique key a row did not keep to, by its columns or its name', async () => {
    const error = await adding({ nick: 'ann' })
    expect(isViolationOf(error, users, (t) => unique(t.orgId, t.nick))).toBe(true)
    expect(isViolationOf(error, users, (t) => unique(t.nick, t.orgId))).toBe(true)
    expect(isViolationOf(error, users, 'users_org_id_nick_key')).toBe(true)
    expect(isViolationOf(error, users, (t) => primaryKey(t.id))).toBe(false)
    expect(isViolationOf(error, users, 'never negative')).toBe(false)
    expect(isViolationOf(error, orgs, (t) => unique(t.shortName))).toBe(false)
    expect(isViolationOf(await adding({ id: 1 }), users, (t) => primaryKey(t.id))).toBe(true)
    const taken = await errorOf(() => db.run(insert(orgs).values({ id: 2, shortName: 'acme' })))
    expect(isViolationOf(taken, orgs, (t) => unique(t.shortName))).toBe(true)
    expect(isViolationOf(taken, orgs, 'orgs_short_name_key')).toBe(true)
    const seat = await errorOf(() => db.run(insert(seats).values({ row: 1, seat: 1 })))
    expect(isViolationOf(seat, seats, (t) => primaryKey(t.row, t.seat))).toBe(true)
    expect(isViolationOf(seat, seats, 'seats_pkey')).toBe(true)
  })

  it('tells which unique index', async () => {
    const email = await adding({ email: 'ANN@x.org' })
    expect(isViolationOf(email, users, (t) => index(lower(t.email)))).toBe(true)
    expect(isViolationOf(email, users, 'users_email_idx')).toBe(true)
    expect(isViolationOf(email, users, (t) => index(t.score))).toBe(false)
    const score = await adding({ score: 5, age: null })
    expect(isViolationOf(score, users, (t) => index(t.score))).toBe(true)
    expect(isViolationOf(score, users, (t) => index(lower(t.email)))).toBe(false)
  })

  it('tells which check', async () => {
    const age = await adding({ age: 0 })
    expect(isViolationOf(age, users, (t) => check(t.age.gt(0)))).toBe(true)
    expect(isViolationOf(age, users, 'users_age_check')).toBe(true)
    expect(isViolationOf(age, users, 'never negative')).toBe(false)
    const score = await adding({ score: -1 })
    expect(isViolationOf(score, users, 'never negative')).toBe(true)
    expect(isViolationOf(score, users, (t) => check(t.score.gt(-1)))).toBe(true)
  })

  it('tells which foreign key, where the database does', async () => {
    const error = await adding({ orgId: 9 })
    expect(error).toMatchObject({ code: 'foreign_key_violation' })
    const named = name !== 'SQLite'
    expect(isViolationOf(error, users, (t) => foreignKey([t.orgId], () => [orgs.id]))).toBe(named)
    const ticket = await errorOf(() => db.run(insert(tickets).values({ id: 1, row: 1, seat: 7 })))
    expect(isViolationOf(ticket, tickets, 'tickets_row_seat_fkey')).toBe(named)
    const removed = await errorOf(() => db.run(sql.statement`delete from orgs`))
    expect(isViolationOf(removed, users, 'users_org_id_fkey')).toBe(named)
  })
})

it('Any other error is none', () => {
  for (const error of [undefined, null, 'unique', new Error('no'), { code: 'unique_violation' }])
    expect(isViolationOf(error, orgs, 'orgs_pkey')).toBe(false)
})

it('A constraint that the table does not have is an error that says which it has', () => {
  const names =
    'users_pkey, users_org_id_fkey, users_org_id_nick_key, users_age_check, never negative, users_email_idx, users_score_idx'
  expect(() => isViolationOf(undefined, users, 'users_email_key')).toThrow(
    `Table 'users' has no constraint or unique index called "users_email_key". It has: ${names}.`,
  )
  expect(() => isViolationOf(undefined, users, (t) => unique(t.email))).toThrow(
    `Table 'users' has no constraint or unique index of this kind with these columns. It has: ${names}.`,
  )
  expect(() => isViolationOf(undefined, users, (t) => check(t.age.gt(1)))).toThrow('of this kind')
})

it('The columns are those of the table, and the error has the class of the constraint', () => {
  const error = undefined as unknown
  if (isViolationOf(error, users, (t) => unique(t.orgId, t.nick)))
    expectTypeOf(error).toEqualTypeOf<UniqueViolation>()
  if (isViolationOf(error, users, (t) => index(t.score))) expectTypeOf(error).toEqualTypeOf<UniqueViolation>()
  if (isViolationOf(error, users, (t) => check(t.age.gt(0))))
    expectTypeOf(error).toEqualTypeOf<CheckViolation>()
  if (isViolationOf(error, users, (t) => foreignKey([t.orgId], () => [orgs.id])))
    expectTypeOf(error).toEqualTypeOf<ForeignKeyViolation>()
  if (isViolationOf(error, users, 'users_pkey')) expectTypeOf(error).toEqualTypeOf<ExecutionError>()
  // @ts-expect-error There is no such column.
  expect(() => isViolationOf(error, users, (t) => unique(t.mail))).toThrow()
})
