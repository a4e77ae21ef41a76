import {
  arrayConcat,
  arrayFrom,
  arrayLength,
  arrayOf,
  arraySlice,
  betweenSymmetric,
  bitAnd,
  bitNot,
  bitXor,
  caseOf,
  defineAggregate,
  elementAt,
  eqAny,
  explain,
  int4range,
  integer,
  isTrue,
  jsonArray,
  jsonHasKey,
  jsonObject,
  jsonOf,
  jsonRemove,
  jsonSet,
  like,
  literal,
  nest,
  range,
  rangeAgg,
  type Statement,
  select,
  sql,
  text,
  tuple,
  typeCoerce,
  unnest,
} from '@espalier/core'
import { orgs, users } from './sample-schema.js'

const pairs = unnest(
  'pairs',
  { id: integer(), name: text() },
  { id: [1, null], name: ['a', 'b'] },
  { ordinality: 'n' },
)
const total = defineAggregate('total', [integer()], integer())
const tags = arrayOf(text(), users.name, 'x', null)

/** A statement of every operator that has a kind of node of its own. */
export const operatorStatements: Readonly<Record<string, Statement<unknown>>> = {
  nested: select({ id: users.id, names: nest.many(select(users.name).from(users).limit(2)) }).from(users),
  plan: explain(select(users.id).from(users)),
  operators: select({
    and: bitAnd(users.id, 6),
    xor: bitXor(users.id, bitNot(users.id)),
    name: caseOf(users.id).when(1, 'one').else('other'),
    coerced: typeCoerce(users.id, text()),
  })
    .from(users)
    .where(
      isTrue(users.active),
      like(users.name, users.name.concat('%')),
      betweenSymmetric(users.id, 3, 1),
      tuple(users.id, users.name).lt([1, 'a']),
      tuple(users.id, users.name).in([[1, 'a']]),
      tuple(users.id, users.name).in(select({ a: orgs.id, b: orgs.name }).from(orgs)),
      eqAny(users.id, [1, 2]),
    ),
  documents: (() => {
    const object = jsonObject({ name: users.name, list: jsonArray(1, 'x') })
    return select({
      part: jsonOf(object).get('list').at(0).integer(),
      has: jsonHasKey(object, 'name'),
      set: jsonSet(object, 'name', null),
      removed: jsonRemove(object, ['list', 0]),
    }).from(users)
  })(),
  'raw source': (() => {
    const raw = sql.source('r', { id: integer() })`select ${sql.join([users.id, 1])} from ${users}`
    return select({ id: raw.id }).from(raw)
  })(),
  'raw rows': sql.query({ id: integer() })`select ${users.id} from ${users} ${sql.empty}`,
  'PostgreSQL: arrays': select({
    list: arrayConcat(tags, ['y']),
    length: arrayLength(tags),
    second: elementAt(tags, 2, text()),
    part: arraySlice(tags, 2),
    rows: arrayFrom(select(orgs.id).from(orgs)),
  }).from(users),
  'rows of arrays': select(pairs).from(pairs),
  'PostgreSQL: ranges': select(rangeAgg(literal(range(1, 2), int4range()))).from(users),
  'own aggregates': select(total(users.id)).from(users),
}
