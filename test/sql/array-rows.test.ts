/** Arrays of rows, and rows of arrays: their SQL. What they return is in the cases of every dialect. */
import {
  array,
  arrayAgg,
  arrayFrom,
  arrayOf,
  arrayReplace,
  arraySet,
  arraySlice,
  bigint,
  integer,
  literal,
  numeric,
  type Statement,
  select,
  stringToArray,
  table,
  text,
  unnest,
  update,
} from '@espalier/core'
import { postgresDialect } from '@espalier/dialects/postgres'
import { expect, it } from 'vitest'
import { errorOf, inBoth } from '../support/sql.js'

const notes = table('notes', {
  id: integer().primaryKey(),
  title: text().notNull(),
  tags: array(text().notNull()).notNull(),
  sizes: array(numeric()),
})
const others = notes.as('others')
const wanted = unnest('wanted', { id: bigint(), title: text('name') }, { id: [1n, null], title: ['a', 'b'] })
const counted = unnest('counted', { tag: text().notNull() }, { tag: notes.tags }, { ordinality: 'n' })

it.each<
  readonly [
    name: string,
    statement: Statement<unknown>,
    sql: string,
    params: readonly unknown[],
    sqlite: readonly unknown[],
  ]
>([
  [
    'aggregates',
    select({
      titles: arrayAgg(notes.title).orderBy(notes.id.desc()).filter(notes.id.gt(1)),
      ids: arrayAgg(notes.id, { nulls: 'keep' }).distinct(),
    }).from(notes),
    'select array_agg("notes"."title" order by "notes"."id" desc) filter (where "notes"."title" is not null and "notes"."id" > $1) as "titles", array_agg(distinct "notes"."id") as "ids" from "notes"',
    [1],
    [
      `select nullif(json_group_array("notes"."title" order by "notes"."id" desc) filter (where "notes"."title" is not null and "notes"."id" > ?), '[]') as "titles", nullif(json_group_array(distinct "notes"."id"), '[]') as "ids" from "notes"`,
      1,
    ],
  ],
  [
    'queries',
    select(arrayFrom(select(others.id).from(others).where(others.title.eq(notes.title)))).from(notes),
    'select array(select "others"."id" as "value" from "notes" as "others" where "others"."title" = "notes"."title") as "value" from "notes"',
    [],
    [
      'select (select json_group_array("value") from (select "others"."id" as "value" from "notes" as "others" where "others"."title" = "notes"."title")) as "value" from "notes"',
    ],
  ],
  [
    'slices',
    select({
      two: arraySlice(notes.tags, 1, 2),
      rest: arraySlice(arrayOf(text(), 'a', notes.title), notes.id),
    }).from(notes),
    'select "notes"."tags"[$1::integer:$2::integer] as "two", (array[$3::text, "notes"."title"])["notes"."id":] as "rest" from "notes"',
    [1, 2, 'a'],
    [
      'select (select case when "a" is not null and "b" is not null and "c" is not null then (select json_group_array("value") from json_each("a") where "key" >= "b" - 1 and "key" < "c") end from (select "notes"."tags" as "a", ? as "b", ? as "c")) as "two", (select case when "a" is not null and "b" is not null then (select json_group_array("value") from json_each("a") where "key" >= "b" - 1) end from (select json_array(?, "notes"."title") as "a", "notes"."id" as "b")) as "rest" from "notes"',
      1n,
      2n,
      'a',
    ],
  ],
  [
    'an element',
    update(notes)
      .set((t) => ({ tags: arraySet(t.tags, 2, 'x') }))
      .where(notes.id.eq(1)),
    'update "notes" set "tags" = array_append("notes"."tags"[$1::integer:$2::integer], $3::text) || "notes"."tags"[$4::integer:] where "notes"."id" = $5',
    [1, 1, 'x', 3, 1],
    [
      `update "notes" set "tags" = (select case when "a" is not null or "b" is not null then (select json_group_array("value") from (select "value" from json_each("a") union all select "value" from json_each("b"))) end from (select json_insert(coalesce((select case when "a" is not null and "b" is not null and "c" is not null then (select json_group_array("value") from json_each("a") where "key" >= "b" - 1 and "key" < "c") end from (select "notes"."tags" as "a", ? as "b", ? as "c")), '[]'), '$[#]', ?) as "a", (select case when "a" is not null and "b" is not null then (select json_group_array("value") from json_each("a") where "key" >= "b" - 1) end from (select "notes"."tags" as "a", ? as "b")) as "b")) where "notes"."id" = ?`,
      1n,
      1n,
      'x',
      3n,
      1,
    ],
  ],
  [
    'changes',
    select({ a: arrayReplace(notes.tags, 'x', 'y'), b: stringToArray(notes.title, ', ') }).from(notes),
    'select array_replace("notes"."tags", $1::text, $2::text) as "a", string_to_array("notes"."title", $3::text) as "b" from "notes"',
    ['x', 'y', ', '],
    [
      `select (select case when "a" is not null then (select json_group_array(case when "value" is "b" then "c" else "value" end) from json_each("a")) end from (select "notes"."tags" as "a", ? as "b", ? as "c")) as "a", (select case when "a" is not null and "b" is not null then case "b" when '' then case "a" when '' then '[]' else json_array("a") end else (with recursive "p" ("part", "rest", "by") as (select null, case when "a" <> '' then "a" || "b" end, "b" union all select substr("rest", 1, instr("rest", "by") - 1), nullif(substr("rest", instr("rest", "by") + length("by")), ''), "by" from "p" where "rest" is not null) select json_group_array("part") from "p" where "part" is not null) end end from (select "notes"."title" as "a", ? as "b")) as "b" from "notes"`,
      'x',
      'y',
      ', ',
    ],
  ],
  [
    'elements of each row, counted',
    select({ id: notes.id, tag: counted.tag, n: counted.n }).from(notes).leftJoin(counted),
    'select "notes"."id", "counted"."tag", "counted"."n" from "notes" left join unnest("notes"."tags") with ordinality as "counted" ("tag", "n") on true',
    [],
    [
      'select "notes"."id", "counted"."value" as "tag", ("counted"."key" + 1) as "n" from "notes" left join json_each("notes"."tags") as "counted" on true',
    ],
  ],
])('%s', (_name, statement, sql, params, sqlite) => {
  expect(statement.toSQL(postgresDialect)).toEqual({ sql, params })
  expect(inBoth(statement).sqlite).toEqual(sqlite)
})

it('arrays of the program are one parameter each, and rows of values on SQLite', () => {
  expect(inBoth(select(wanted).from(wanted))).toEqual({
    postgres: [
      'select "wanted"."id", "wanted"."name" as "title" from unnest($1::bigint[], $2::text[]) as "wanted" ("id", "name")',
      '{1,NULL}',
      '{a,b}',
    ],
    sqlite: [
      'select "wanted"."id", "wanted"."name" as "title" from (select "column1" as "id", "column2" as "name" from (values (?, ?), (null, ?))) as "wanted"',
      1n,
      'a',
      'b',
    ],
  })
  expect(select(wanted.id).from(wanted).toSQL(postgresDialect, { inline: true }).sql).toBe(
    `select "wanted"."id" as "value" from unnest('{1,NULL}'::bigint[], '{a,b}'::text[]) as "wanted" ("id", "name")`,
  )
})

it('what fits no array is refused', async () => {
  const one = { tag: text() }
  const misfits = unnest('misfits', one, { tag: [5 as never] })
  for (const [work, message] of [
    [
      () => unnest('u', { a: text(), b: text() }, { a: ['x'], b: [] }),
      /arrays of one length, not of 1 and 0/,
    ],
    [() => unnest('u', one, { tag: 'x' as never }), /key 'tag' takes an array, not "x"/],
    [() => unnest('u', one, { tag: { length: 2 } as never }), /takes an array/],
    [() => unnest('u', one, {} as never), /undefined is never a value/],
    [() => unnest('u', one, { tag: null as never }), /takes an array, not null/],
    [() => unnest('u', one, { tag: ['x'], more: ['y'] } as never), /no column 'more': tag/],
    [() => unnest('u', one, { tag: notes.sizes } as never), /of type numeric, not text/],
    [() => unnest('u', one, { tag: notes.title as never }), /takes an array/],
    [() => unnest('u', { tag: array(text()) }, { tag: [['x']] }), /arrays of arrays come apart/],
    [() => unnest('u', one, { tag: ['x'] }, { ordinality: 'tag' }), /two columns 'tag'/],
    [() => unnest('u', {}, {}), /needs columns/],
    [() => arraySlice(notes.tags, 0), /counts from 1, not 0/],
    [() => arraySet(notes.tags, 0, 'x'), /arraySet\(…\) counts from 1, not 0/],
    [() => arraySet(notes.tags, 1, undefined as never), /undefined/],
    [() => arraySet(notes.title as never, 1, 'x' as never), /takes an array, not text/],
    [() => arraySet(literal([[1]], array(array(integer()))), 1, [1]), /arrays of one dimension/],
    [() => arraySlice(notes.tags, 1, 1.5), /counts from 1, not 1.5/],
    [() => arraySlice(notes.tags, undefined as never), /write 1 for the first/],
    [() => arraySlice(notes.title as never, 1), /takes an array, not text/],
    [() => arrayFrom(select({ id: notes.id, title: notes.title }).from(notes)), /a query of one column/],
    [() => arrayFrom(notes.id as never), /a query of one column/],
    [() => select(misfits.tag).from(misfits).toSQL(postgresDialect), /5 is no value for text/],
  ] as const) {
    expect((await errorOf(work)).message).toMatch(message)
  }
})
