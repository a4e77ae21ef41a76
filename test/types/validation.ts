/** The schemas of zod infer what the types of rows, inserts and updates say. */
import {
  array,
  boolean,
  bytes,
  count,
  type InsertOf,
  insert,
  int4range,
  json,
  jsonb,
  param,
  type Range,
  type RowOf,
  type StandardSchema,
  select,
  sql,
  table,
  text,
  timestamptz,
  type UpdateOf,
  upper,
  uuid,
} from '@espalier/core'
import { insertSchema, selectSchema, updateSchema } from '@espalier/core/zod'
import * as z from 'zod'
import { exactly } from './equal.js'
import { events } from './inference.js'
import { invited, measures, orgs, posts, type User, users } from './schema.js'

const everything = table('everything', {
  id: uuid().primaryKey(),
  any: json(),
  anyThing: json().notNull(),
  doc: json<{ tags: string[] }>().notNull(),
  tags: array(text().notNull()),
  seats: int4range(),
  flag: boolean().default(true),
  raw: bytes(),
  at: timestamptz(),
})

// Each schema reads and gives exactly what the table's types say, both ways.
const user = selectSchema(users)
exactly<z.infer<typeof user>, RowOf<typeof users>>(true)
exactly<z.input<typeof user>, User>(true)
const newUser = insertSchema(users)
exactly<z.infer<typeof newUser>, InsertOf<typeof users>>(true)
exactly<z.input<typeof newUser>, InsertOf<typeof users>>(true)
const changedUser = updateSchema(users)
exactly<z.infer<typeof changedUser>, UpdateOf<typeof users>>(true)
exactly<z.input<typeof changedUser>, UpdateOf<typeof users>>(true)

const row = selectSchema(everything)
exactly<z.infer<typeof row>, RowOf<typeof everything>>(true)
exactly<z.infer<typeof row>['seats'], Range<number> | null>(true)
const given = insertSchema(everything)
exactly<z.infer<typeof given>, InsertOf<typeof everything>>(true)
const measure = insertSchema(measures)
exactly<z.infer<typeof measure>, InsertOf<typeof measures>>(true)
const event = insertSchema(events)
exactly<z.infer<typeof event>, InsertOf<typeof events>>(true)
const changedEvent = updateSchema(events)
exactly<z.infer<typeof changedEvent>, UpdateOf<typeof events>>(true)

const nested = select({ id: orgs.id, n: count(), up: upper(posts.title), user: { post: posts, users } })
  .from(users)
  .join(orgs)
  .leftJoin(posts, posts.authorId.eq(users.id))
const nestedRow = selectSchema(nested)
exactly<z.infer<typeof nestedRow>, RowOf<typeof nested>>(true)
const bare = selectSchema(select(users.fullName).from(users))
exactly<z.infer<typeof bare>, string | null>(true)
const returned = selectSchema(insert(invited).values({ email: 'x' }).returning(invited))
exactly<z.infer<typeof returned>, RowOf<typeof invited>>(true)
const derived = select({ org: orgs, n: count() }).from(orgs).groupBy(orgs.id).as('derived')
const derivedRow = selectSchema(derived)
exactly<z.infer<typeof derivedRow>, RowOf<typeof derived>>(true)
const union = select({ a: users.email })
  .from(users)
  .union(select({ a: invited.name }).from(invited))
const unionRow = selectSchema(union)
exactly<z.infer<typeof unionRow>, { a: string | null }>(true)
const raw = selectSchema(sql.query({ a: text() })`select 'x' as a`)
exactly<z.infer<typeof raw>, { a: string | null }>(true)

// A refinement is given the schema of the value itself; null and leaving out are put around what it returns.
const refined = insertSchema(users, {
  email: (schema) => schema.email().max(50),
  fullName: (schema) => schema.trim(),
  orgId: (schema) => schema.positive(),
  createdAt: () => z.coerce.date<string>(),
})
exactly<z.infer<typeof refined>, InsertOf<typeof users>>(true)
exactly<z.input<typeof refined>['createdAt'], string | undefined>(true)
const branded = selectSchema(nested, {
  id: (schema) => schema.brand<'org'>(),
  up: (schema) => schema.transform((title) => title.length),
})
exactly<z.infer<typeof branded>['up'], number | null>(true)
exactly<z.infer<typeof branded>['id'], number & z.core.$brand<'org'>>(true)
export const picked = refined.pick({ email: true }).extend({ invite: z.boolean() })
exactly<z.infer<typeof picked>, { email: string; invite: boolean }>(true)

// @ts-expect-error The table has no such column.
insertSchema(users, { nickname: (schema) => schema })
// @ts-expect-error Nor has the row.
selectSchema(nested, { email: (schema) => schema })
// @ts-expect-error A number has no format of texts.
insertSchema(users, { orgId: (schema) => schema.email() })
// @ts-expect-error A refinement returns a schema.
insertSchema(users, { email: () => 'x' })
// @ts-expect-error A schema is refined, not given.
insertSchema(users, { email: z.email() })
// @ts-expect-error What is inserted into is a table.
insertSchema(derived)
// @ts-expect-error An alias is none.
updateSchema(users.as('u'))
// @ts-expect-error An expression has no rows.
selectSchema(users.email)

// A column has the type that its schema gives, in rows, inserts, updates and parameters.
const settings = z.object({ theme: z.enum(['dark', 'light']), tags: z.array(z.string()).default([]) })
type Settings = { theme: 'dark' | 'light'; tags: string[] }
declare const point: StandardSchema<{ x: number }, { x: number }>
const members = table('members', {
  settings: json(settings).notNull(),
  place: jsonb('where', point),
  seen: json(z.object({ at: z.coerce.date() }), { validate: 'read' }),
})
exactly<
  RowOf<typeof members>,
  { settings: Settings; place: { x: number } | null; seen: { at: Date } | null }
>(true)
exactly<
  InsertOf<typeof members>,
  { settings: Settings; place?: { x: number } | null; seen?: { at: Date } | null }
>(true)
const newMember = insertSchema(members)
exactly<z.infer<typeof newMember>, InsertOf<typeof members>>(true)
export const place = members.place.isNull().or(param('known', jsonb(point)).isNotNull())
// @ts-expect-error The schema gives other values.
insert(members).values({ settings: { theme: 'blue', tags: [] } })
// @ts-expect-error A schema that does not take what it gives, could not be given what was read.
json(z.string().transform(Number))
// @ts-expect-error An object is no schema.
json({ theme: 'dark' })
// @ts-expect-error It checks on the way in anyway.
json(settings, { validate: 'write' })
