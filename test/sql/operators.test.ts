import {
  array,
  arrayContains,
  arrayOf,
  bitAnd,
  boolean,
  defineFunction,
  defineOperator,
  elementAt,
  eqAny,
  fromJSON,
  gtAny,
  ilike,
  integer,
  isTrue,
  jsonArray,
  jsonContains,
  jsonObject,
  jsonOf,
  jsonPathExists,
  jsonSet,
  like,
  regexpLike,
  select,
  shiftLeft,
  sql,
  text,
  toJSON,
  tuple,
} from '@espalier/core'
import { postgresDialect } from '@espalier/dialects/postgres'
import { sqliteDialect } from '@espalier/dialects/sqlite'
import { describe, expect, it } from 'vitest'
import { every, orgs, users } from '../support/sample-schema.js'
import { errorOf, inBoth } from '../support/sql.js'

/** What a caller without types may give. */
const wrong = (value: unknown) => value as never

const inSqlite = (predicate: unknown) =>
  select({ a: users.id }).from(users).where(wrong(predicate)).toSQL(sqliteDialect)
const inPostgres = (predicate: unknown) =>
  select({ a: users.id }).from(users).where(wrong(predicate)).toSQL(postgresDialect)

const document = jsonOf(every.json)

describe('operators teach what to write', () => {
  it.each<[string, () => unknown, string, RegExp]>([
    ['a tuple of one', () => tuple(...wrong([users.id])), 'invalid_tuple', /two expressions/],
    [
      'a tuple beside another number of values',
      () => tuple(users.id, users.name).eq(wrong([1])),
      'invalid_tuple',
      /2 expressions with \[1\]/,
    ],
    [
      'a tuple beside NULL',
      () => tuple(users.id, users.name).eq(wrong([1, null])),
      'null_comparison',
      /isNull/,
    ],
    ['a tuple in a text', () => tuple(users.id, users.name).in(wrong('x')), 'invalid_in', /array of arrays/],
    [
      'a tuple in a query of one column',
      () => inPostgres(tuple(users.id, users.name).in(select({ a: orgs.id }).from(orgs))),
      'invalid_tuple',
      /query of 1: a/,
    ],
    ['any of a value', () => eqAny(users.id, wrong(5)), 'invalid_in', /array of values/],
    ['any of expressions', () => eqAny(users.id, wrong([users.id])), 'invalid_in', /in\(\[…\]\)/],
    ['any of NULL', () => eqAny(users.id, wrong([null])), 'invalid_in', /values only/],
    [
      'a wrong value among many',
      () => inPostgres(eqAny(users.id, wrong(['x']))),
      'invalid_value',
      /users\.id.*"x"|users\.id.*'x'/,
    ],
    [
      'greater than any row, on SQLite',
      () => inSqlite(gtAny(users.id, select(orgs.id).from(orgs))),
      'unsupported',
      /any or all rows.*min or max/,
    ],
    [
      'a pattern that is a value, to the function',
      () => like(users.name, wrong('a%')),
      'invalid_argument',
      /text\.like\('…'\)/,
    ],
    [
      'a pattern that is a number',
      () => ilike(users.name, wrong(users.id)),
      'no_operator',
      /users\.id is of type integer/,
    ],
    ['bits of a text', () => bitAnd(wrong(users.name), 1), 'no_operator', /whole numbers/],
    ['a shift by a part', () => shiftLeft(users.id, 1.5), 'invalid_argument', /1\.5/],
    ['the truth of a number', () => isTrue(wrong(users.id)), 'invalid_predicate', /integer/],
    ['a function with a bad name', () => defineFunction('a b', [], text()), 'invalid_name', /"a b"|'a b'/],
    [
      'a declared function with too few arguments',
      () => (defineFunction('f', [text(), text()], text()) as (...a: unknown[]) => unknown)('x'),
      'invalid_argument',
      /2 arguments; it was given 1/,
    ],
    [
      'an operator that is a comment',
      () => defineOperator('--', [text(), text()], boolean()),
      'invalid_name',
      /no operator/,
    ],
    [
      'an operator that is a statement',
      () => defineOperator('; drop table users', [text(), text()], boolean()),
      'invalid_name',
      /no operator/,
    ],
    ['an array of no type', () => array(wrong(undefined)), 'invalid_type', /text\(\)/],
    ['the element 0', () => elementAt(arrayOf(integer(), 1), 0, integer()), 'invalid_argument', /from 1/],
    [
      'an element of another type',
      () => elementAt(arrayOf(integer(), 1), 1, text()),
      'mixed_types',
      /elements are of type integer/,
    ],
    [
      'the elements of a text',
      () => arrayContains(wrong(users.name), wrong(['x'])),
      'no_operator',
      /takes an array/,
    ],
    [
      'a value that is no array',
      () => inPostgres(arrayContains(arrayOf(text(), 'x'), wrong('x'))),
      'invalid_value',
      /expected an array/,
    ],
    ['a part of a text', () => jsonOf(wrong(users.name)), 'no_operator', /json or jsonb, not one of text/],
    ['a key that is a number', () => document.get(wrong(1)), 'invalid_path', /at\(0\)/],
    ['a place that is a text', () => document.at(wrong('a')), 'invalid_path', /whole number/],
    ['an empty path', () => jsonSet(every.json, [], 1), 'invalid_path', /\['list', 0\]/],
    ['a place from the end', () => jsonSet(every.json, ['a', -1], 1), 'invalid_path', /from 0/],
    ['an undefined part', () => jsonObject({ a: undefined }), 'undefined_value', /key 'a'.*null/],
    ['a time in JSON', () => jsonArray(every.timestamptz), 'invalid_part', /timestamptz.*Cast it to text/],
    [
      'containment on SQLite',
      () => sqliteDialect.toSQL(select(jsonContains(every.jsonb, { a: 1 })).from(every)),
      'unsupported',
      /containment.*jsonOf/,
    ],
    [
      'a path with conditions on SQLite',
      () => sqliteDialect.toSQL(select(jsonPathExists(every.jsonb, '$.a ? (@ > 1)')).from(every)),
      'unsupported',
      /paths with conditions.*jsonOf/,
    ],
  ])('%s', async (_, work, code, says) => {
    const error = await errorOf(work)
    expect(error.code).toBe(code)
    expect(error.message).toMatch(says)
  })

  it.each<[string, (json: string) => string]>([
    ['an operator', (json) => json.replace('"&"', '"& 1; drop table users; --"')],
    ['a quantifier', (json) => json.replace('"any"', '"any (select 1) or"')],
    ['a comparison', (json) => json.replace('"lt"', '"constructor"')],
    ['a feature', (json) => json.replace('"arrays"', '"toString"')],
    ['a negation', (json) => json.replace('"feature":', '"negation":"or true --","feature":')],
  ])('%s of hostile JSON', async (_, change) => {
    const statement = select({ a: bitAnd(users.id, 1) })
      .from(users)
      .where(
        eqAny(users.id, [1]),
        tuple(users.id, users.id).lt([1, 2]),
        arrayContains(arrayOf(text(), 'x'), ['x']),
      )
    const text0 = JSON.stringify(toJSON(statement))
    const text1 = change(text0)
    expect(text1).not.toBe(text0)
    expect((await errorOf(() => fromJSON(JSON.parse(text1)))).code).toBe('invalid_json')
  })

  it('put parentheses where one inside another needs them', () => {
    const statement = select({ a: bitAnd(users.id.add(1), 3).mul(2), b: bitAnd(bitAnd(users.id, 1), 2) })
      .from(users)
      .where(
        eqAny(users.id, [1, 2]).or(users.active),
        gtAny(users.id, [1, 2]),
        isTrue(users.id.gt(1)).eq(true),
      )
    expect(inBoth(statement)).toEqual({
      postgres: [
        'select (("users"."id" + $1) & $2::integer) * $3 as "a", ("users"."id" & $4::integer) & $5::integer as "b" ' +
          'from "users" where ("users"."id" = any ($6::integer[]) or "users"."active") and ' +
          '("users"."id" > any ($7::integer[])) and (("users"."id" > $8) is true) = $9',
        ...[1, 3, 2, 1, 2, '{1,2}', '{1,2}', 1, true],
      ],
      sqlite: [
        'select (("users"."id" + ?) & ?) * ? as "a", ("users"."id" & ?) & ? as "b" ' +
          'from "users" where ("users"."id" in (?, ?) or "users"."active") and ' +
          '("users"."id" > ? or "users"."id" > ?) and (("users"."id" > ?) is true) = ?',
        ...[1n, 3n, 2n, 1n, 2n, 1, 2, 1, 2, 1, 1],
      ],
    })
    expect(inPostgres(regexpLike(users.name, '^a').not()).sql).toMatch(/where "users"."name" !~ \$1$/)
  })
})

describe('raw SQL teaches what to write', () => {
  it.each<[string, () => unknown, string, RegExp]>([
    [
      'a text as a fragment',
      () => sql.fragment(wrong('drop table users')),
      'invalid_sql',
      /sql\.fragment`…`/,
    ],
    ['a text as rows', () => sql.query({ id: integer() })(wrong('select 1')), 'invalid_sql', /is a tag/],
    [
      'a text as a source',
      () => sql.source('s', { id: integer() })(wrong('select 1')),
      'invalid_sql',
      /is a tag/,
    ],
    ['rows without columns', () => sql.query({}), 'invalid_column', /\{ id: integer\(\) \}/],
    ['a list of nothing', () => sql.join([]), 'invalid_part', /sql\.empty/],
    [
      'a separator that is a text',
      () => sql.join([1, 2], wrong('; drop table users')),
      'invalid_part',
      /fragment/,
    ],
    ['an undefined part of a list', () => sql.join([undefined]), 'undefined_value', /null for NULL/],
    ['SQL that is no text', () => sql.unsafe(wrong(5)), 'invalid_sql', /takes a text/],
    ['an array among the parts', () => sql`${[1, 2]}`, 'invalid_part', /sql\.join/],
    [
      'a column of a source that is not there',
      () => sql.query({ id: integer() })`select ${users.id} from ${orgs}`.toSQL(postgresDialect),
      'missing_source',
      /'orgs'.*add 'users'/,
    ],
  ])('%s', async (_, work, code, says) => {
    const error = await errorOf(work)
    expect(error.code).toBe(code)
    expect(error.message).toMatch(says)
  })

  it('writes a text from a user as a value, wherever it stands', () => {
    const hostile = "'; drop table users; --"
    const statement = sql.statement`select ${sql.join([hostile, sql`lower(${hostile})`])} ${sql.fragment`where ${hostile} = ''`}`
    expect(inBoth(statement)).toEqual({
      postgres: ["select $1::text, lower($2::text) where $3::text = ''", hostile, hostile, hostile],
      sqlite: ["select ?, lower(?) where ? = ''", hostile, hostile, hostile],
    })
  })
})
