import { quoteIdentifier as quoted } from '@espalier/core'
import fc from 'fast-check'

/** Types, each with a default. Those of the schema are made by {@link schemaStatements}. */
const TYPES: readonly (readonly [type: string, value: string])[] = [
  ['integer', '1 + 2'],
  ['bigint', '-5'],
  ['smallint', '7'],
  ['numeric(10,2)', '1.50'],
  ['numeric', "'NaN'"],
  ['real', '0.5'],
  ['double precision', 'random()'],
  ['text', `'it''s "x" \\'`],
  ['varchar(20)', "'a' || 'b'"],
  ['varchar', 'null'],
  ['char(3)', "'abc'"],
  ['boolean', 'not false'],
  ['date', 'current_date'],
  ['timestamp(3)', 'localtimestamp'],
  ['timestamptz', 'now()'],
  ['time(0)', "'10:00'"],
  ['timetz', 'current_time'],
  ['interval day to second(3)', "'1 day'"],
  ['uuid', "'00000000-0000-0000-0000-000000000001'"],
  ['json', `'{"a": [1]}'`],
  ['jsonb', `'{}'`],
  ['bytea', "'\\x00ff'"],
  ['inet', "'10.0.0.1'"],
  ['macaddr', 'null'],
  ['bit(3)', "B'101'"],
  ['bit varying', 'null'],
  ['int4range', "'[1,5)'"],
  ['tstzrange', "'empty'"],
  ['tsvector', "to_tsvector('english', 'a cat')"],
  ['xml', 'null'],
  ['point', "point '(1,2)'"],
  ['money', "'1.00'"],
  ['oid', '1'],
  ['"char"', "'a'"],
  ['integer[]', "'{1,2}'"],
  ['text[][]', "array['a', 'b,c']"],
  ['mood', "'so so'"],
  ['mood[]', "'{}'"],
  ['"An Email"', "'a@x'"],
  ['pair', "row(1, 'x')"],
  ['price', "'[1,2)'"],
  ['integer', "nextval('numbers')"],
  ['integer', 'twice(4)'],
]

const NAMES = ['a', 'B c', 'select', "it's", 'x"y', 'ü', 'a.b', '$1', 'as', '1', '__proto__', 'n'.repeat(58)]

/** A name that no other number has. */
const nameOf = (base: number, number: number) => quoted(`${NAMES[base % NAMES.length]}${number}`)

const any = fc.nat({ max: 1_000_000 })
const some = fc.array(any, { minLength: 1, maxLength: 3 })

const column = fc.record({ name: any, type: any, rest: any, collation: any })
const constraint = fc.record({ kind: any, columns: some, others: some, options: any })
const index = fc.record({ keys: some, how: some, method: any, options: any })
const extra = fc.record({ kind: any, columns: some, options: any })
const table = fc.record({
  columns: fc.array(column, { minLength: 1, maxLength: 6 }),
  constraints: fc.array(constraint, { maxLength: 4 }),
  indexes: fc.array(index, { maxLength: 4 }),
  extras: fc.array(extra, { maxLength: 5 }),
  form: any,
})

/** One of a list by a number, and another number. */
function pick<T>(list: readonly T[], number: number): T {
  return list[number % list.length] as T
}

/** Whether a bit of a number is set. */
const has = (number: number, bit: number) => ((number >> bit) & 1) === 1

type Table = typeof table extends fc.Arbitrary<infer T> ? T : never

/**
 * Statements that make a random schema, of which the database refuses some: all that stands in the search path has no schema
 * in them.
 */
export const schemaStatements: fc.Arbitrary<string[]> = fc
  .record({ tables: fc.array(table, { minLength: 1, maxLength: 3 }), options: any })
  .map(({ tables, options }) => [
    `create type mood as enum ('sad', 'so so', 'it''s ok')`,
    `create domain "An Email" as ${has(options, 0) ? 'varchar(40)' : 'text'}${has(options, 1) ? ` default 'a@x'` : ''}
      ${has(options, 2) ? 'not null' : ''} constraint ${has(options, 3) ? '"An Email_check"' : 'at'} check (value like '%@%')
      ${has(options, 4) ? 'constraint short check (length(value) < 90)' : ''}`,
    `create type pair as ("left" integer, "b c" ${has(options, 5) ? 'text' : 'mood'}${has(options, 6) && has(options, 5) ? ' collate "C"' : ''})`,
    `create type price as range (subtype = numeric)`,
    `create sequence numbers ${has(options, 7) ? 'as smallint' : ''} start with 5 ${has(options, 8) ? 'increment by -2 minvalue -9 maxvalue 9 cycle' : ''}`,
    `create function twice(x integer, y text default 'it''s') returns integer language ${
      has(options, 9)
        ? `sql immutable as 'select x * 2'`
        : `plpgsql immutable as $$ begin return x * 2; end $$`
    }`,
    `create function touched() returns trigger language plpgsql as $$ begin return new; end $$`,
    ...(has(options, 10)
      ? [`comment on type mood is 'How'`, `comment on function twice(integer, text) is 'It''s'`]
      : []),
    ...(has(options, 11) ? [`revoke all on function twice(integer, text) from public`] : []),
    ...tables.flatMap((one, number) => tableStatements(one, number, tables)),
    ...(has(options, 12) ? [`alter sequence numbers owned by t0.${columnOf(tables[0] as Table, 0)}`] : []),
  ])

function columnOf({ columns }: Table, at: number): string {
  const i = at % columns.length
  return nameOf((columns[i] as Table['columns'][number]).name, i)
}

function tableStatements(one: Table, number: number, tables: readonly Table[]): string[] {
  const name = `t${number}`
  const on = `on ${name}`
  const alter = (what: string) => `alter table ${name} ${what}`
  const list = (columns: readonly number[]) => [...new Set(columns.map((at) => columnOf(one, at)))].join(', ')
  const isPartitioned = one.form % 5 === 0
  const parent = number > 0 && one.form % 5 === 1 ? `t${number - 1}` : undefined
  const options = pick(
    ['', '', ' with (fillfactor = 50)', ' with (autovacuum_enabled = false)'],
    one.form >> 4,
  )
  const create = `create ${has(one.form, 3) && !isPartitioned ? 'unlogged ' : ''}table ${name} (${one.columns
    .map((_, i) => columnText(one, i))
    .join(', ')})${parent === undefined ? '' : ` inherits (${parent})`}`
  return [
    `${create}${isPartitioned ? ` partition by ${pick(['range', 'list', 'hash'], one.form >> 4)} (${columnOf(one, 0)})` : options}`,
    // Where PostgreSQL refuses something of it, there is a smaller one.
    `create table if not exists ${name} (${columnOf(one, 0)} integer)`,
    ...one.columns.flatMap(({ rest }, i) => columnStatements(columnOf(one, i), rest, alter, name)),
    ...one.constraints.map((each, i) => {
      const other = pick(tables, each.others[0] as number)
      const target = each.others.map((at) => columnOf(other, at))
      const end = `${has(each.options, 0) ? ' deferrable' : ''}${has(each.options, 1) ? ' initially deferred' : ''}`
      const how = `constraint ${nameOf(each.options, 100 + i)}`
      const columns = list(each.columns)
      const kinds = [
        `add ${how} primary key (${columns})${has(each.options, 2) ? ' with (fillfactor = 70)' : ''}${end}`,
        `add ${how} unique${has(each.options, 3) ? ' nulls not distinct' : ''} (${columns})${
          has(each.options, 2) ? ` include (${columnOf(one, each.options)})` : ''
        }${end}`,
        `add ${how} check (${columnOf(one, each.options)} is not null or 'it''s' <> ${columnOf(one, each.options + 1)}::text)${
          has(each.options, 3) ? ' no inherit' : ''
        }${has(each.options, 4) ? ' not valid' : ''}`,
        `add ${how} foreign key (${columns}) references t${tables.indexOf(other)} (${[...new Set(target)].join(', ')})${
          has(each.options, 2) ? ' match full' : ''
        } on delete ${pick(['cascade', 'set null', 'restrict', 'no action'], each.options)}${end}${has(each.options, 4) ? ' not valid' : ''}`,
        `add ${how} exclude using gist (${columnOf(one, each.options)} with &&)${has(each.options, 2) ? ` where (${columns.split(', ')[0]} is not null)` : ''}`,
        `add ${how} not null ${columnOf(one, each.options)}`,
      ]
      return alter(pick(kinds, each.kind))
    }),
    ...one.indexes.map((each, i) => {
      const keys = each.keys.map((at, k) => {
        const how = each.how[k % each.how.length] as number
        const key = columnOf(one, at)
        const form = pick(
          [key, key, `(${key}::text)`, `lower(${key})`, `(${key} is null)`, `(twice(${key}))`],
          how,
        )
        return `${form}${pick(['', '', ' collate "C"', ' text_pattern_ops', ' desc', ' desc nulls last', ' nulls first'], how >> 3)}`
      })
      const rest = [
        has(each.options, 1) ? ` include (${columnOf(one, each.options)})` : '',
        has(each.options, 2) ? ' nulls not distinct' : '',
        has(each.options, 3) ? ' with (fillfactor = 60)' : '',
        has(each.options, 4) ? ` where ${columnOf(one, each.options)} is not null and 1 < 2` : '',
      ]
      const method = pick(['btree', 'btree', 'btree', 'hash', 'gin', 'gist', 'brin'], each.method)
      return `create ${has(each.options, 0) ? 'unique ' : ''}index ${nameOf(each.options, 10 * number + i)} ${on} using ${method} (${keys.join(', ')})${rest.join('')}`
    }),
    ...one.extras.flatMap((each, i) => {
      const own = nameOf(each.options, 1000 + 10 * number + i)
      const columns = list(each.columns)
      const column = columnOf(one, each.options)
      const view = nameOf(each.options, 2000 + 10 * number + i)
      const kinds: readonly (readonly string[])[] = [
        [
          `create view ${view} as select ${columns} from ${name}`,
          `comment on view ${view} is 'It''s \\ a view'`,
        ],
        [
          `create view ${view} with (security_barrier = true) as select count(*) as n, ${column} from ${name} group by ${column}`,
        ],
        [
          `create materialized view ${view} as select ${columns} from ${name}${has(each.options, 1) ? ' with no data' : ''}`,
          `create index ${nameOf(1, 3000 + 10 * number + i)} on ${view} (${column})`,
        ],
        [
          `create trigger ${own} ${pick(['before insert', 'after update', `before insert or update of ${column}`, 'after delete or truncate'], each.options)}
          ${on} for each ${pick(['row', 'statement'], each.options >> 3)} execute function touched('it''s')`,
        ],
        [
          `create trigger ${own} after update ${on} for each row when (old.${column} is distinct from new.${column}) execute function touched()`,
          alter(`disable trigger ${own}`),
        ],
        [
          `create policy ${own} ${on} for ${pick(['all', 'select', 'update'], each.options)} using (${column} is not null)`,
          alter('enable row level security'),
        ],
        [`create rule ${own} as on insert to ${name} do also notify something`],
        [`comment on table ${name} is 'It''s'`, `comment on column ${name}.${column} is E'a\\\\b\\n"c"'`],
        [`grant select, insert ${on} to public`, `grant update (${column}) ${on} to public`],
        [alter(`replica identity ${pick(['full', 'nothing'], each.options)}`)],
        [
          `create table p${number}_${i} partition of ${name} ${pick(['for values in (1, 2)', 'for values from (1) to (5)', 'for values with (modulus 4, remainder 1)'], each.options)}`,
          `create table if not exists p${number}_${i} partition of ${name} default`,
          `alter table p${number}_${i} alter ${column} set default null`,
        ],
        [
          `create table q${number}_${i} (like ${name} including defaults including constraints)`,
          `${alter(`attach partition q${number}_${i}`)} default`,
        ],
        [`create type kinds${i} as (a t${number}, b integer)`],
        [
          `create function rows_${number}_${i}() returns setof ${name} language sql as 'select * from ${name}'`,
        ],
        [`create aggregate sum_${number}_${i}(integer) (sfunc = int4pl, stype = integer, initcond = '0')`],
      ]
      return pick(kinds, each.kind)
    }),
  ]
}

function columnText(one: Table, at: number): string {
  const { type, rest, collation } = one.columns[at] as Table['columns'][number]
  const [typeText, value] = pick(TYPES, type)
  const isText = /^(text|varchar|char)/.test(typeText)
  const parts = [
    columnOf(one, at),
    typeText,
    isText && collation % 3 === 0 ? 'collate "C"' : '',
    pick(
      [
        '',
        `default ${value}`,
        `default ${value} not null`,
        'not null',
        typeText === 'integer' ? 'generated always as identity (start with 7)' : '',
        typeText === 'bigint' ? 'generated by default as identity' : '',
        at > 0
          ? `generated always as (${columnOf(one, 0)} is null) stored`.replace(
              'is null',
              isText ? '::text' : 'is null',
            )
          : '',
        at > 0 && typeText === 'boolean' ? `generated always as (${columnOf(one, 0)} is null) virtual` : '',
      ],
      rest,
    ),
  ]
  return parts.filter((part) => part !== '').join(' ')
}

function columnStatements(
  column: string,
  rest: number,
  alter: (what: string) => string,
  table: string,
): string[] {
  const statements = [
    alter(`alter ${column} set storage external`),
    alter(`alter ${column} set statistics 50`),
    alter(`alter ${column} set (n_distinct = 5)`),
    alter(`alter ${column} set compression pglz`),
    `comment on column ${table}.${column} is 'It''s'`,
  ]
  return statements.filter((_, i) => has(rest, 4 + 3 * i) && has(rest, 5 + 3 * i))
}
