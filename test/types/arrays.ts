/** Arrays of rows and rows of arrays: what they take, and where NULL may be. */
import {
  array,
  arrayAgg,
  arrayFrom,
  arrayOf,
  arraySet,
  arraySlice,
  bigint,
  coalesce,
  eqAny,
  integer,
  neAll,
  numeric,
  param,
  type RowOf,
  rowNumber,
  select,
  stringToArray,
  table,
  text,
  unnest,
} from '@espalier/core'
import { exactly, type ValueOf } from './equal.js'
import { db, posts, users } from './schema.js'

const lists = table('lists', {
  id: integer().primaryKey(),
  tags: array(text().notNull()).notNull(),
  loose: array(integer()),
})

const names = arrayAgg(users.fullName)
exactly<ValueOf<typeof names>, string[] | null>(true)
const kept = arrayAgg(users.fullName, { nulls: 'keep' }).distinct().orderBy(users.fullName)
exactly<ValueOf<typeof kept>, (string | null)[] | null>(true)
const some = coalesce(arrayAgg(posts.id).filter(posts.score.gt(0)), [])
exactly<ValueOf<typeof some>, bigint[]>(true)
const running = arrayAgg(posts.id).over({ orderBy: posts.id })
exactly<ValueOf<typeof running>, bigint[] | null>(true)
// @ts-expect-error It is an array, which compares with arrays.
names.eq('Ann')
// @ts-expect-error Nulls are kept or left out, and nothing else.
arrayAgg(users.fullName, { nulls: 'first' })
// @ts-expect-error The source of the values is still needed.
db.all(select(arrayAgg(posts.id)).from(users))
// @ts-expect-error What is computed over a window has no order of its own.
arrayAgg(posts.id).orderBy(posts.id).over({ orderBy: posts.id })

const titles = arrayFrom(select(posts.title).from(posts).where(posts.authorId.eq(users.id)))
exactly<ValueOf<typeof titles>, string[]>(true)
const bodies = arrayFrom(select(posts.body).from(posts))
exactly<ValueOf<typeof bodies>, (string | null)[]>(true)
db.all(select({ titles }).from(users))
// @ts-expect-error The query around it must have the users that the inner one reads.
db.all(select({ titles }).from(posts))

const slice = arraySlice(lists.tags, 1, 2)
exactly<ValueOf<typeof slice>, string[]>(true)
const upTo = arraySlice(lists.loose, lists.id)
exactly<ValueOf<typeof upTo>, (number | null)[] | null>(true)
const byNull = arraySlice(lists.tags, 1, users.orgId.add(1).div(users.orgId))
exactly<ValueOf<typeof byNull>, string[] | null>(true)
// @ts-expect-error A text has no slices.
arraySlice(users.email, 1)
// @ts-expect-error Places are numbers.
arraySlice(lists.tags, '1')
const set = arraySet(lists.tags, 1, 'x')
exactly<ValueOf<typeof set>, string[]>(true)
const loosely = arraySet(lists.loose, 1, null)
exactly<ValueOf<typeof loosely>, (number | null)[]>(true)
// @ts-expect-error The elements are not null.
arraySet(lists.tags, 1, null)
// @ts-expect-error A number is no text.
arraySet(lists.tags, 1, 5)
const cut = stringToArray(users.fullName, ' ')
exactly<ValueOf<typeof cut>, string[] | null>(true)

const one = unnest('one', { tag: text().notNull() }, { tag: lists.tags })
const tagged = select({ id: lists.id, tag: one.tag }).from(lists).join(one)
exactly<RowOf<typeof tagged>, { id: number; tag: string }>(true)
db.all(tagged)
const outer = select({ id: lists.id, tag: one.tag }).from(lists).leftJoin(one)
exactly<RowOf<typeof outer>, { id: number; tag: string | null }>(true)
// @ts-expect-error The lists whose tags these are must come first.
db.all(select(one.tag).from(one))
const pairs = unnest(
  'pairs',
  { id: bigint().notNull(), note: text() },
  { id: [1n], note: [null] },
  { ordinality: 'n' },
)
const paired = select(pairs).from(pairs)
exactly<RowOf<typeof paired>, { id: bigint; note: string | null; n: number }>(true)
db.all(paired)
const uneven = unnest(
  'uneven',
  { tag: text().notNull(), n: integer().notNull() },
  { tag: lists.tags, n: [1, 2] },
)
const padded = select({ tag: uneven.tag, n: uneven.n }).from(lists).join(uneven)
exactly<RowOf<typeof padded>, { tag: string | null; n: number | null }>(true)
const given = unnest('given', { id: bigint().notNull() }, { id: param('ids', array(bigint().notNull())) })
const prepared = db.prepare(select(given.id).from(given))
exactly<Parameters<typeof prepared.all>[0], { readonly ids: readonly bigint[] }>(true)
const among = db.prepare(
  select(users.email)
    .from(users)
    .where(
      eqAny(users.id, param('ids', array(bigint().notNull()))),
      neAll(users.fullName, param('names', array(text()), { nullable: true })),
    ),
)
exactly<
  Parameters<typeof among.all>[0],
  { readonly ids: readonly bigint[]; readonly names: readonly (string | null)[] | null }
>(true)
// @ts-expect-error A list of texts has no bigint.
eqAny(users.id, param('ids', array(text())))
// @ts-expect-error The elements may be NULL, the column not.
unnest('u', { n: integer().notNull() }, { n: lists.loose })
// @ts-expect-error Nor has the program's array a value for NULL there.
unnest('u', { n: integer().notNull() }, { n: [null] })
// @ts-expect-error Elements of another type.
unnest('u', { n: integer() }, { n: ['a'] })
// @ts-expect-error Every column has an array.
unnest('u', { n: integer(), m: integer() }, { n: [1] })
// @ts-expect-error A text is no array.
unnest('u', { n: text() }, { n: users.email })
// @ts-expect-error There is no column n unless it is asked for.
unnest('u', { m: integer() }, { m: [1] }).n
// @ts-expect-error Numerics are texts in JavaScript.
unnest('u', { n: numeric() }, { n: [1.5] })
// @ts-expect-error The elements of an array have one type.
arrayOf(text(), users.id)
// @ts-expect-error A window function is no row of a query.
arrayFrom(rowNumber())
