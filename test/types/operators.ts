/** Operators, documents, arrays and raw SQL: what they take, and what comes out. */
import {
  array,
  arrayContains,
  arrayOf,
  bigint,
  bitAnd,
  boolean,
  caseOf,
  defineAggregate,
  defineFunction,
  defineOperator,
  defineWindowFunction,
  double,
  elementAt,
  eqAny,
  integer,
  isTrue,
  json,
  jsonArray,
  jsonArrayAgg,
  jsonObject,
  jsonOf,
  jsonSet,
  param,
  type Reads,
  type RowOf,
  type Select,
  select,
  sql,
  table,
  text,
  tuple,
  typeCoerce,
} from '@espalier/core'
import { exactly, type ValueOf } from './equal.js'
import { db, posts, users } from './schema.js'

const things = table('things', {
  id: integer().primaryKey(),
  tags: array(text().notNull()).notNull(),
  loose: array(integer()),
  settings: json<{ theme: 'dark' | 'light'; n: number; list: { a: boolean }[]; maybe?: string }>().notNull(),
  any: json(),
})

const inPairs = tuple(users.orgId, users.email).in([[1, 'a']])
exactly<ValueOf<typeof inPairs>, boolean>(true)
const nullable = tuple(users.id, users.fullName).eq([1n, 'a'])
exactly<ValueOf<typeof nullable>, boolean | null>(true)
db.all(select(users.id).from(users).where(inPairs, nullable))
// @ts-expect-error A text is no organization.
tuple(users.orgId, users.email).in([['a', 'a']])
// @ts-expect-error A tuple of two is compared with two.
tuple(users.orgId, users.email).eq([1])
// @ts-expect-error NULL equals nothing.
tuple(users.orgId, users.email).eq([1, null])
// @ts-expect-error Its sources are still needed.
db.all(select(posts.id).from(posts).where(inPairs))

const anyOf = eqAny(users.id, [1n])
exactly<ValueOf<typeof anyOf>, boolean>(true)
// @ts-expect-error An identifier is no text.
eqAny(users.id, ['a'])
// @ts-expect-error Nor is a text one of numbers.
eqAny(users.email, select(users.id).from(users))
exactly<ValueOf<ReturnType<typeof truth>>, boolean>(true)
const truth = () => isTrue(users.fullName.eq('a'))
// @ts-expect-error Texts have no bits.
bitAnd(users.email, 1)

const kind = caseOf(users.orgId).when(1, 'one').when(2, users.fullName).else('other')
exactly<ValueOf<typeof kind>, string | null>(true)
// @ts-expect-error Not a value of what the case is over.
caseOf(users.orgId).when('1', 'one')

const soundex = defineFunction('soundex', [text()], text().notNull())
const code = soundex(users.email)
exactly<ValueOf<typeof code>, string>(true)
const maybe = soundex(users.fullName)
exactly<ValueOf<typeof maybe>, string | null>(true)
// @ts-expect-error It takes a text.
soundex(users.id)
// @ts-expect-error And one only.
soundex('a', 'b')
const bitOr = defineAggregate('bit_or', [integer()], integer())
exactly<ValueOf<ReturnType<typeof allBits>>, number | null>(true)
const allBits = () => bitOr(users.orgId).filter(users.fullName.isNotNull())
const total = defineAggregate('total', [integer()], double().notNull())
const running = total(users.orgId).over({ orderBy: users.id })
exactly<ValueOf<typeof running>, number>(true)
// @ts-expect-error It takes a number.
bitOr(users.email)
// @ts-expect-error And one only.
bitOr()
// @ts-expect-error Its result is a number.
total(users.orgId).like('1%')
// @ts-expect-error The source of what it is computed from is still needed.
db.all(select(bitOr(users.orgId)).from(posts))
const nth = defineWindowFunction('nth_value', [text(), integer()], text())
exactly<ValueOf<ReturnType<typeof second>>, string | null>(true)
const second = () => nth(users.email, 2).over({ orderBy: users.id })
// @ts-expect-error It has no value without a window.
select(nth(users.email, 2)).from(users)
// @ts-expect-error Nor a filter.
nth(users.email, 2).filter(users.id.gt(1n))
const similar = defineOperator('%', [text(), text()], boolean().notNull())
exactly<ValueOf<ReturnType<typeof likeAnn>>, boolean>(true)
const likeAnn = () => similar(users.email, 'ann')
// @ts-expect-error Both are texts.
similar(users.email, 5)
exactly<ValueOf<ReturnType<typeof coerced>>, bigint>(true)
const coerced = () => typeCoerce(users.orgId, bigint())

const theme = jsonOf(things.settings).get('theme')
exactly<ValueOf<typeof theme>, 'dark' | 'light'>(true)
const themeText = theme.text()
exactly<ValueOf<typeof themeText>, 'dark' | 'light'>(true)
const first = jsonOf(things.settings).get('list').at(0)
exactly<ValueOf<typeof first>, { a: boolean } | null>(true)
const optional = jsonOf(things.settings).get('maybe').text()
exactly<ValueOf<typeof optional>, string | null>(true)
const anything = jsonOf(things.any).get('x').at(0).number()
exactly<ValueOf<typeof anything>, number | null>(true)
// @ts-expect-error There is no such key.
jsonOf(things.settings).get('them')
// @ts-expect-error No such theme either.
theme.text().eq('blue')
// @ts-expect-error Only documents have parts.
jsonOf(users.email)
const built = jsonObject({ id: users.orgId, name: users.fullName, one: 1 })
exactly<ValueOf<typeof built>, { id: number; name: string | null; one: number }>(true)
db.all(select(built).from(users))
// A member whose source an outer join may leave out is null in the object, which is there.
const boss = users.as('boss')
const pair = jsonObject({ boss: boss.email, own: users.email, list: jsonArray(boss.orgId), one: 1 })
const pairs = select({ pair }).from(users).leftJoin(boss, boss.id.eq(users.id))
type Pair = { boss: string | null; own: string | null; list: (number | null)[]; one: number }
exactly<RowOf<typeof pairs>, { pair: Pair }>(true)
const derived = pairs.as('pairs')
exactly<ValueOf<typeof derived.pair>, Pair>(true)
const all = jsonArrayAgg(pair)
exactly<ValueOf<typeof all>, Pair[]>(true)
const ids = jsonArrayAgg(users.orgId)
exactly<ValueOf<typeof ids>, number[]>(true)
const value = pairs.scalar()
exactly<ValueOf<typeof value>, Pair | null>(true)
jsonSet(things.settings, ['list', 0, 'a'], users.email)

const tag = elementAt(things.tags, 1, text())
exactly<ValueOf<typeof tag>, string | null>(true)
exactly<RowOf<ReturnType<typeof lists>>, { tags: string[]; loose: (number | null)[] | null }>(true)
const lists = () => select({ tags: things.tags, loose: things.loose }).from(things)
arrayContains(things.tags, arrayOf(text(), users.email, 'x'))
// @ts-expect-error The elements are texts.
arrayContains(things.tags, [1])
// @ts-expect-error And so are those that it is compared with.
things.tags.eq([1])

const raw = sql.query({ id: bigint().notNull(), name: text() })`select ${users.id}, full_name from ${users}`
exactly<RowOf<typeof raw>, { id: bigint; name: string | null }>(true)
db.all(raw)
const lacking = sql.query({ id: bigint() })`select ${users.id} from users`
// @ts-expect-error The raw SQL uses a column of a source that it does not have.
db.all(lacking)
const given = db.prepare(
  sql.query({ id: bigint() })`select id from ${users} where id = ${param('id', bigint())}`,
)
exactly<Parameters<typeof given.all>[0], { readonly id: bigint }>(true)
const source = sql.source('s', {
  n: integer().notNull(),
})`select ${sql.join([users.orgId])} as n from ${users}`
const fromRaw = select(source.n).from(source)
exactly<RowOf<typeof fromRaw>, number>(true)
db.all(fromRaw)

// A helper over any select that has a source.
const named = <P, From extends string, Nulled extends string, Used extends Reads>(
  query: Select<P, From | 'users', Nulled, Used>,
) => query.where(users.fullName.isNotNull())
const helped = select({ title: posts.title }).from(posts).join(users).pipe(named)
exactly<RowOf<typeof helped>, { title: string }>(true)
db.all(helped)
db.all(named(select(users.email).from(users)))
// @ts-expect-error This select has no users.
named(select(posts.title).from(posts))
