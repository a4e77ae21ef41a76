import {
  addInterval,
  and,
  caseWhen,
  coalesce,
  count,
  createTable,
  cte,
  currentDate,
  dateTrunc,
  deleteFrom,
  exists,
  extract,
  fn,
  foreignKey,
  greatest,
  index,
  inet,
  initcap,
  insert,
  integer,
  isEspalierError,
  jsonArrayAgg,
  left,
  literal,
  max,
  metadata,
  min,
  now,
  ntile,
  numeric,
  or,
  type Predicate,
  percentileCont,
  percentileDisc,
  primaryKey,
  recursiveCte,
  regexpLike,
  regexpReplace,
  repeat,
  rowNumber,
  type Statement,
  secondsBetween,
  select,
  splitPart,
  sql,
  stddevSamp,
  stringAgg,
  substring,
  sum,
  table,
  tableDefinition,
  text,
  toChar,
  translate,
  unique,
  update,
  varchar,
  when,
} from '@espalier/core'
import { postgresDialect } from '@espalier/dialects/postgres'
import { sqliteDialect } from '@espalier/dialects/sqlite'
import { describe, expect, it } from 'vitest'
import { every, notes, orgs, posts, users } from '../support/sample-schema.js'
import { errorOf } from '../support/sql.js'

/** What a caller without types may give. */
const wrong = (value: unknown) => value as never
const untyped = (value: unknown) => value as Untyped
type Untyped = { [key: string]: (...args: unknown[]) => Untyped } & Statement<unknown>

const both = (statement: unknown) => {
  untyped(statement).toSQL(postgresDialect as never)
  untyped(statement).toSQL(sqliteDialect as never)
}

const other = users.as('other')
const none: string | undefined = undefined

type Case = readonly [does: string, work: () => unknown, code: string, says: RegExp]

const numbered = table('numbered', { id: integer().identity({ generated: 'always' }).primaryKey() })

const cases: Readonly<Record<string, readonly Case[]>> = {
  'what cannot be had is refused, not dropped': [
    ['distinct rows counted', () => count().distinct(), 'invalid_distinct', /count\(users\.id\)/],
    [
      'different values over a window',
      () => untyped(sum(users.score).distinct()).over?.(),
      'invalid_window',
      /different values.*subquery/,
    ],
    [
      'two frames',
      () => rowNumber().over({ rows: { from: 'current row' }, groups: { from: 'current row' } }),
      'invalid_frame',
      /one frame.*rows and groups/,
    ],
    [
      'a frame that ends before it begins',
      () => count().over({ rows: { from: { following: 1 } } }),
      'invalid_frame',
      /following.*in the order/,
    ],
    [
      'a frame of a part of a row',
      () => count().over({ rows: { from: { preceding: 1.5 } } }),
      'invalid_frame',
      /1\.5/,
    ],
    [
      'groups without an order',
      () => count().over({ groups: { from: { preceding: 1 } } }),
      'invalid_frame',
      /needs orderBy/,
    ],
    [
      'a distance in two orders',
      () => count().over({ orderBy: [users.id, users.name], range: { from: { preceding: 1 } } }),
      'invalid_frame',
      /one expression.*here are 2/,
    ],
    [
      'a number as a distance of times',
      () => count().over({ orderBy: now(), range: { from: { preceding: 1 } } }),
      'invalid_frame',
      /timestamptz.*\{ days: 3 \}/,
    ],
    [
      'a range of an interval, on SQLite',
      () =>
        sqliteDialect.toSQL(
          select({ n: count().over({ orderBy: now(), range: { from: { preceding: { days: 1 } } } }) }),
        ),
      'unsupported',
      /interval.*extract/,
    ],
    [
      'an order of other values than the different ones',
      () => stringAgg(users.name, ',').distinct().orderBy(users.id),
      'invalid_order',
      /by these values only/,
    ],
    [
      'different texts joined by another separator, on SQLite',
      () => sqliteDialect.toSQL(select({ a: stringAgg(users.name, '; ').distinct() }).from(users)),
      'unsupported',
      /comma/,
    ],
    [
      'a median, on SQLite',
      () => sqliteDialect.toSQL(select({ a: percentileCont(0.5, users.score) }).from(users)),
      'unsupported',
      /percentile_cont.*limit\(1\)/,
    ],
    [
      'a deviation, on SQLite',
      () => sqliteDialect.toSQL(select({ a: stddevSamp(users.score) }).from(users)),
      'unsupported',
      /stddev_samp.*program/,
    ],
    ['a fraction above 1', () => percentileDisc(1.5, users.score), 'invalid_argument', /0 to 1/],
    [
      'decimals as JSON',
      () => jsonArrayAgg(wrong(every.numeric)),
      'no_operator',
      /numeric.*cast them to text/,
    ],
    [
      'networks as JSON, which SQLite keeps in another form',
      () => jsonArrayAgg(wrong(literal('10.0.0.1', inet()))),
      'no_operator',
      /inet.*cast them to text/,
    ],
    ['no buckets', () => ntile(0), 'invalid_argument', /ntile.*from 1/],
    [
      'a window function without a window',
      () => select({ n: wrong(rowNumber()) }).from(users),
      'invalid_selection',
      /function over/,
    ],
    [
      'hours of a date',
      () => extract(wrong('hour'), currentDate()),
      'invalid_argument',
      /extract\("hour", …\): of a date there are year, .*isodow\./,
    ],
    ['a part that no time has', () => extract(wrong('x) --'), now()), 'invalid_argument', /epoch/],
    [
      'the begin of an hour of a date',
      () => dateTrunc(wrong('hour'), currentDate()),
      'invalid_argument',
      /week, day\./,
    ],
    ['a part of a text', () => extract('year', wrong(users.name)), 'no_operator', /type text/],
    [
      'an empty interval',
      () => addInterval(now(), {}),
      'invalid_interval',
      /\{ months: 1, days: 3 \}.*not \{\}/,
    ],
    ['a part of a month', () => addInterval(now(), { months: 0.5 }), 'invalid_interval', /whole/],
    ['an unknown unit', () => addInterval(now(), wrong({ month: 1 })), 'invalid_interval', /"month"/],
    ['a number as an interval', () => addInterval(now(), wrong(5)), 'invalid_interval', /not 5/],
    ['microseconds', () => addInterval(now(), { seconds: 0.0001 }), 'invalid_interval', /millisecond/],
    ['an endless interval', () => addInterval(now(), { days: Infinity }), 'invalid_interval', /interval/],
    [
      'hours added to a date',
      () => addInterval(currentDate(), wrong({ hours: 1 })),
      'invalid_interval',
      /cast it to timestamp\(\)/,
    ],
    [
      'the seconds between dates',
      () => secondsBetween(wrong(currentDate()), wrong(currentDate())),
      'mixed_types',
      /timestamps of one type, not date and date/,
    ],
    ['an unknown template', () => toChar(now(), 'YYYY Mon'), 'invalid_template', /"YYYY Mon".*HH24/],
    ['an open quotation', () => toChar(now(), 'YYYY"T'), 'invalid_template', /double quotes/],
    [
      'a regular expression, on SQLite',
      () => sqliteDialect.toSQL(select(users.id).from(users).where(regexpLike(users.name, '^a'))),
      'unsupported',
      /SQLite has no regular expressions.*like/,
    ],
    [
      'replacing by a regular expression, on SQLite',
      () => sqliteDialect.toSQL(select(regexpReplace(users.name, 'a', 'b')).from(users)),
      'unsupported',
      /regular expressions/,
    ],
    [
      'initcap, on SQLite',
      () => sqliteDialect.toSQL(select(initcap(users.name)).from(users)),
      'unsupported',
      /initcap.*upper\(left/,
    ],
    [
      'translate, on SQLite',
      () => sqliteDialect.toSQL(select(translate(users.name, 'a', 'b')).from(users)),
      'unsupported',
      /replace\(…\)/,
    ],
    ['a negative length', () => left(users.name, -1), 'invalid_argument', /left.*from 0.*-1/],
    ['a part of a repetition', () => repeat(users.name, 1.5), 'invalid_argument', /repeat.*1\.5/],
    ['the greatest of one', () => untyped({ greatest }).greatest?.(users.id), 'invalid_argument', /max/],
    [
      'the greatest of two kinds',
      () => greatest(users.id, wrong(users.name)),
      'mixed_types',
      /integer and text/,
    ],
    [
      'identity that refuses given values, on SQLite',
      () => createTable(numbered).toSQL(sqliteDialect),
      'unsupported',
      /by default/,
    ],
  ],
  'undefined is never a value': [
    [
      'in a comparison',
      () => users.name.eq(wrong(undefined)),
      'undefined_value',
      /users\.name\.eq\(undefined\).*when\(/,
    ],
    ['in arithmetic', () => users.id.add(wrong(undefined)), 'undefined_value', /users\.id\.add/],
    ['in a list', () => users.id.in([1, wrong(undefined)]), 'undefined_value', /users\.id\.in/],
    ['as a list', () => users.id.in(wrong(undefined)), 'invalid_in', /users\.id\.in.*array/],
    ['between', () => users.id.between(1, wrong(undefined)), 'undefined_value', /between/],
    ['as a pattern', () => users.name.like(wrong(undefined)), 'invalid_pattern', /users\.name\.like/],
    ['contained', () => users.name.contains(wrong(undefined)), 'invalid_pattern', /contains/],
    [
      'as a predicate',
      () => select(users.id).from(users).where(wrong(undefined)),
      'undefined_value',
      /where.*when\(/,
    ],
    ['in and', () => and(users.active, wrong(undefined)), 'undefined_value', /and\(…\)/],
    ['in or', () => or(wrong(undefined)), 'undefined_value', /or\(…\)/],
    [
      'in values',
      () => insert(users).values({ id: 1, orgId: 1, name: wrong(undefined) }),
      'undefined_value',
      /users\.name is undefined in row 1/,
    ],
    [
      'in a later row',
      () =>
        insert(notes).values([
          { id: 1, body: 'a' },
          { id: 2, body: wrong(undefined) },
        ]),
      'undefined_value',
      /notes\.body is undefined in row 2/,
    ],
    ['as a row', () => insert(notes).values(wrong(undefined)), 'no_rows', /notes/],
    ['as a later row', () => insert(notes).values([{ id: 1 }, wrong(undefined)]), 'invalid_row', /Row 2/],
    [
      'in set',
      () => update(users).set({ name: wrong(undefined) }),
      'undefined_value',
      /users\.name is undefined.*leave the key out/,
    ],
    ['as a set', () => update(users).set(wrong(undefined)), 'invalid_set', /set/],
    [
      'in doUpdate',
      () =>
        insert(notes)
          .values({ id: 1 })
          .onConflict(notes.id)
          .doUpdate({ body: wrong(undefined) }),
      'undefined_value',
      /notes\.body/,
    ],
    [
      'as a conflict column',
      () => insert(notes).values({ id: 1 }).onConflict(wrong(undefined)),
      'invalid_conflict',
      /onConflict/,
    ],
    ['in a selection', () => select({ a: wrong(undefined) }), 'undefined_value', /key 'a'/],
    ['in a nested selection', () => select({ a: { b: wrong(undefined) } }), 'undefined_value', /key 'a\.b'/],
    ['as a selection', () => select(wrong(undefined)), 'undefined_value', /select/],
    [
      'in returning',
      () =>
        insert(notes)
          .values({ id: 1 })
          .returning({ a: wrong(undefined) }),
      'undefined_value',
      /returning/,
    ],
    ['as a source', () => select(users.id).from(wrong(undefined)), 'invalid_source', /from/],
    [
      'as a joined source',
      () => select(users.id).from(users).join(wrong(undefined)),
      'invalid_source',
      /join/i,
    ],
    [
      'as a join condition',
      () => select(users.id).from(users).leftJoin(orgs, wrong(undefined)),
      'undefined_value',
      /join/,
    ],
    [
      'in order by',
      () => select(users.id).from(users).orderBy(wrong(undefined)),
      'invalid_expression',
      /orderBy/,
    ],
    [
      'in group by',
      () => select(users.id).from(users).groupBy(wrong(undefined)),
      'invalid_expression',
      /groupBy/,
    ],
    ['as a limit', () => select(users.id).from(users).limit(wrong(undefined)), 'invalid_limit', /limit/],
    ['as an offset', () => select(users.id).from(users).offset(wrong(undefined)), 'invalid_limit', /offset/],
    ['in coalesce', () => coalesce(users.nick, wrong(undefined)), 'undefined_value', /coalesce/],
    ['in a case', () => caseWhen(users.active, wrong(undefined)), 'undefined_value', /case/],
    ['as a condition of a case', () => caseWhen(wrong(undefined), 1), 'undefined_value', /caseWhen/],
    ['as a literal', () => literal(wrong(undefined), text()), 'undefined_value', /literal/],
    ['in raw SQL', () => sql`a = ${undefined}`, 'undefined_value', /Part 1/],
    ['as a query', () => exists(wrong(undefined)), 'invalid_query', /exists/],
    [
      'as a member',
      () => select({ a: users.id }).from(users).union(wrong(undefined)),
      'invalid_query',
      /union/,
    ],
    ['as a CTE', () => cte('a', wrong(undefined)), 'invalid_query', /cte/],
    ['as a name', () => users.as(wrong(undefined)), 'invalid_name', /name/],
    ['in a function', () => fn('lower', text(), wrong(undefined)), 'undefined_value', /lower/],
  ],
  'null is not compared': [
    ['equal', () => users.nick.eq(wrong(null)), 'null_comparison', /users\.nick\.eq\(null\).*isNull\(\)/],
    ['not equal', () => users.nick.ne(wrong(null)), 'null_comparison', /isNotNull\(\)/],
    ['greater', () => users.score.gt(wrong(null)), 'null_comparison', /gt\(null\)/],
    ['in a list', () => users.score.in([1, wrong(null)]), 'null_comparison', /in\(null\)/],
    ['a default', () => integer().default(wrong(null)), 'invalid_default', /default\(null\)/],
  ],
  'nothing is not something': [
    ['no rows', () => insert(users).values([]), 'no_rows', /insert\(users\).*nothing to insert/],
    ['a row of nothing', () => insert(users).values(wrong({})), 'no_values', /defaultValues/],
    ['an empty set', () => update(users).set({}), 'empty_set', /users/],
    ['an empty selection', () => select({}), 'empty_selection', /select/],
    ['a nested empty selection', () => select({ a: users.id, b: {} }), 'empty_selection', /select/],
    [
      'an empty returning',
      () => insert(notes).values({ id: 1 }).returning({}),
      'empty_selection',
      /returning/,
    ],
    ['no predicate', () => select(users.id).from(users).where(), 'no_predicate', /where/],
    ['an empty name', () => users.as(''), 'invalid_name', /not empty/],
    ['a table of an empty name', () => table('', { id: integer() }), 'invalid_name', /not empty/],
    ['a table without columns', () => table('t', {}), 'no_columns', /'t'/],
    ['an index of nothing', () => index(), 'invalid_index', /at least one/],
    ['a constraint of nothing', () => unique(), 'invalid_argument', /at least one/],
  ],
  'rows have the same keys': [
    [
      'one lacks a key',
      () => insert(notes).values([{ id: 1, body: 'a' }, { id: 2 }]),
      'uneven_rows',
      /Row 2.*'notes'.*lacks body/,
    ],
    [
      'one has another key',
      () => insert(notes).values([{ id: 1 }, { id: 2, body: 'a' }]),
      'uneven_rows',
      /Row 2.*has also body/,
    ],
    [
      'one has a different key',
      () =>
        insert(users).values(
          wrong([
            { id: 1, nick: 'a' },
            { id: 2, name: 'a' },
          ]),
        ),
      'uneven_rows',
      /lacks nick and has also name/,
    ],
    ['a row that is no object', () => insert(notes).values(wrong(['a'])), 'invalid_row', /objects/],
    ['an expression as a row', () => insert(notes).values(wrong(users.id)), 'invalid_row', /objects/],
  ],
  'columns are known': [
    [
      'in values',
      () => insert(users).values(wrong({ id: 1, nmae: 'x' })),
      'unknown_column',
      /no column "nmae".*It has: id, orgId/,
    ],
    ['in set', () => update(users).set(wrong({ nmae: 'x' })), 'unknown_column', /"nmae"/],
    [
      'in fromSelect',
      () => insert(notes).fromSelect(wrong(select({ id: users.id, x: users.name }).from(users))),
      'unknown_column',
      /"x".*id, body/,
    ],
    [
      'a reference',
      () =>
        tableDefinition(
          metadata().table('t', { id: integer().primaryKey(), up: integer().references('t.nope') }),
        ),
      'unknown_column',
      /nope.*It has: id, up/,
    ],
    [
      'keys that every object has',
      () => insert(notes).values(wrong({ toString: 'x' })),
      'unknown_column',
      /toString/,
    ],
    [
      '__proto__',
      () => insert(notes).values(wrong(JSON.parse('{"__proto__": 1}'))),
      'unknown_column',
      /__proto__/,
    ],
    [
      'constructor in set',
      () => update(notes).set(wrong({ constructor: 1 })),
      'unknown_column',
      /constructor/,
    ],
  ],
  'sources are in FROM': [
    [
      'a column of a table that is not',
      () => both(select({ a: orgs.name }).from(users)),
      'missing_source',
      /"orgs"\."name".*FROM has 'users'.*add 'orgs'/,
    ],
    [
      'in where',
      () => both(select({ a: users.id }).from(users).where(orgs.id.eq(1))),
      'missing_source',
      /"orgs"\."id"/,
    ],
    [
      'in having',
      () => both(select({ a: count() }).from(users).having(max(orgs.id).gt(1))),
      'missing_source',
      /"orgs"\."id"/,
    ],
    [
      'in order by',
      () => both(select({ a: users.id }).from(users).orderBy(orgs.id)),
      'missing_source',
      /"orgs"\."id"/,
    ],
    [
      'in a join condition',
      () => both(select({ a: users.id }).from(users).join(orgs, posts.id.eq(1))),
      'missing_source',
      /"posts"\."id"/,
    ],
    [
      'in a window',
      () => both(select({ a: count().over({ partitionBy: orgs.id }) }).from(users)),
      'missing_source',
      /"orgs"\."id"/,
    ],
    ['without any FROM', () => both(select({ a: users.id })), 'missing_source', /FROM has no sources/],
    [
      'another alias of the same name',
      () => both(select({ a: users.as('u').id }).from(users.as('u'))),
      'missing_source',
      /FROM has another source of that name/,
    ],
    [
      'the table in place of its alias',
      () => both(select({ a: users.id }).from(other)),
      'missing_source',
      /"users"\."id"/,
    ],
    [
      'in update',
      () => both(update(users).set({ name: orgs.name }).everyRow()),
      'missing_source',
      /"orgs"\."name"/,
    ],
    ['in delete', () => both(deleteFrom(users).where(orgs.id.eq(1))), 'missing_source', /"orgs"\."id"/],
    ['in values', () => both(insert(notes).values({ id: users.id })), 'missing_source', /"users"\."id"/],
    [
      'in returning',
      () => both(insert(notes).values({ id: 1 }).returning({ a: users.id })),
      'missing_source',
      /"users"\."id"/,
    ],
    [
      'beside a subquery in FROM',
      () =>
        both(
          select({ a: users.id })
            .from(users)
            .join(
              select({ id: posts.id }).from(posts).where(posts.authorId.eq(users.id)).as('p'),
              users.active,
            ),
        ),
      'missing_source',
      /"users"\."id"/,
    ],
    [
      'inside a subquery, from outside',
      () =>
        both(
          select({ a: posts.id, b: users.id })
            .from(users)
            .where(exists(select(posts.id).from(posts))),
        ),
      'missing_source',
      /"posts"\."id"/,
    ],
    [
      'around a CTE',
      () =>
        both(
          select({ a: users.id })
            .from(users)
            .where(
              exists(
                select(count()).from(
                  cte('c', select({ id: posts.id }).from(posts).where(posts.authorId.eq(users.id))),
                ),
              ),
            ),
        ),
      'missing_source',
      /"users"\."id"/,
    ],
    [
      'in onConflict of another table',
      () => insert(notes).values({ id: 1 }).onConflict(wrong(users.id)),
      'invalid_conflict',
      /columns of 'notes'/,
    ],
    [
      'in doUpdate',
      () => both(insert(notes).values({ id: 1 }).onConflict(notes.id).doUpdate({ body: users.name })),
      'missing_source',
      /"users"\."name"/,
    ],
  ],
  'names are told apart': [
    [
      'a table twice',
      () => both(select({ a: users.id }).from(users).join(users, users.active)),
      'duplicate_source',
      /'users' stands twice.*\.as\(/,
    ],
    [
      'two aliases of one name',
      () =>
        both(
          select({ a: users.id })
            .from(users)
            .join(orgs.as('x'), users.active)
            .join(posts.as('x'), users.active),
        ),
      'duplicate_source',
      /'x' stands twice/,
    ],
    [
      'an alias of the name of a table',
      () => both(select({ a: users.id }).from(users).join(orgs.as('users'), users.active)),
      'duplicate_source',
      /'users' stands twice/,
    ],
    [
      'a subquery of the name of a table',
      () =>
        both(
          select({ a: users.id })
            .from(users)
            .crossJoin(select({ a: orgs.id }).from(orgs).as('users')),
        ),
      'duplicate_source',
      /'users'/,
    ],
    [
      'in update from',
      () => both(update(users).set({ nick: 'x' }).from(orgs.as('users')).everyRow()),
      'duplicate_source',
      /'users'/,
    ],
    [
      'two CTEs of one name',
      () =>
        both(
          (() => {
            const a = cte('c', select({ id: users.id }).from(users))
            const b = cte('c', select({ id: orgs.id }).from(orgs))
            return select({ a: a.id }).from(a).join(b.as('d'), users.active)
          })(),
        ),
      'duplicate_cte',
      /'c'/,
    ],
    [
      'a CTE of the name of a table',
      () =>
        both(
          (() => {
            const c = cte('orgs', select({ id: users.id }).from(users))
            return select({ a: c.id })
              .from(c)
              .where(c.id.in(select(orgs.id).from(orgs)))
          })(),
        ),
      'duplicate_source',
      /CTE and a table.*'orgs'/,
    ],
    [
      'a CTE of the name of the table in it',
      () =>
        both(
          (() => {
            const c = cte('users', select({ id: users.id }).from(users))
            return select({ a: c.id }).from(c)
          })(),
        ),
      'duplicate_source',
      /'users'/,
    ],
    [
      'a table that was written before its CTE',
      () =>
        both(
          (() => {
            const c = cte('orgs', select({ id: posts.id }).from(posts))
            return select({ a: users.id })
              .from(users)
              .join(orgs)
              .where(exists(select(c.id).from(c)))
          })(),
        ),
      'duplicate_source',
      /'orgs'/,
    ],
    [
      'a subquery that hides the source that it uses',
      () =>
        both(
          (() => {
            const hiding = posts.as('users')
            return select({ a: users.id })
              .from(users)
              .where(exists(select(hiding.id).from(hiding).where(hiding.authorId.eq(users.id))))
          })(),
        ),
      'shadowed_source',
      /'users'/,
    ],
    [
      'a subquery that hides it where names know no case',
      () =>
        both(
          (() => {
            const hiding = posts.as('USERS')
            return select({ a: users.id })
              .from(users)
              .where(exists(select(hiding.id).from(hiding).where(hiding.authorId.eq(users.id))))
          })(),
        ),
      'shadowed_source',
      /'users'/,
    ],
    [
      'a CTE of the name of a table where names know no case',
      () =>
        both(
          (() => {
            const c = cte('Orgs', select({ id: users.id }).from(users))
            return select({ a: c.id }).from(c).join(orgs, orgs.id.eq(c.id))
          })(),
        ),
      'duplicate_source',
      /'orgs'/,
    ],
    [
      'a table called excluded, in do update',
      () => {
        const excluded = table('excluded', { id: integer() })
        both(
          insert(excluded)
            .values({ id: 1 })
            .onConflict(excluded.id)
            .doUpdate((t, row) => ({ id: t.id.add(row.id) })),
        )
      },
      'duplicate_source',
      /'excluded'/,
    ],
    [
      'two columns of one name',
      () => table('t', { a: text('x'), b: text('x') }),
      'duplicate_column',
      /'a' and 'b'.*"x"/,
    ],
    [
      'two keys that become one name',
      () => metadata({ columnNames: 'snake_case' }).table('t', { fooBar: text(), foo_bar: text() }),
      'duplicate_column',
      /foo_bar/,
    ],
    [
      'two tables of one name',
      () => {
        const app = metadata()
        app.table('t', { a: text() })
        app.table('t', { a: text() })
      },
      'duplicate_table',
      /'t'/,
    ],
  ],
  'joins are inferred only where there is one way': [
    [
      'no foreign key',
      () => select({ a: users.id }).from(users).join(notes),
      'no_join',
      /'notes' and 'users'.*\.join\(source, predicate\)/,
    ],
    [
      'two foreign keys',
      () => select({ a: posts.id }).from(posts).join(users),
      'ambiguous_join',
      /several ways \(by posts\.author_id or posts\.editor_id\)/,
    ],
    [
      'a table with itself',
      () => select({ a: users.id }).from(users).join(other),
      'ambiguous_join',
      /several ways \(by users\.manager_id\)/,
    ],
    [
      'two ways through two tables',
      () => select({ a: posts.id }).from(posts).join(users, posts.authorId.eq(users.id)).join(users.as('u2')),
      'ambiguous_join',
      /u2/,
    ],
    [
      'a subquery',
      () =>
        select({ a: users.id })
          .from(users)
          .join(select({ id: orgs.id }).from(orgs).as('o')),
      'no_join',
      /'o'/,
    ],
    ['before from', () => untyped(select({ a: users.id })).join?.(users), 'no_from', /\.from/],
  ],
  'a write says which rows': [
    ['update', () => both(update(users).set({ name: 'x' })), 'no_where', /update of 'users'.*everyRow/],
    ['delete', () => both(deleteFrom(users)), 'no_where', /delete of 'users'.*everyRow/],
    [
      'update where nothing was asked',
      () =>
        both(
          update(users)
            .set({ name: 'x' })
            .where(when(none, (n) => users.name.eq(n))),
        ),
      'no_where',
      /everyRow/,
    ],
    [
      'delete where nothing was asked',
      () => both(deleteFrom(users).where(when(none, (n) => users.name.eq(n)))),
      'no_where',
      /everyRow/,
    ],
    ['delete where everything was asked', () => both(deleteFrom(users).where(and())), 'no_where', /everyRow/],
    [
      'delete where none of nothing',
      () => both(deleteFrom(users).where(users.id.notIn([]))),
      'no_where',
      /everyRow/,
    ],
    ['an insert into an alias', () => insert(wrong(other)), 'not_a_table', /'other' is an alias/],
    [
      'an alias of a subquery',
      () => update(wrong(select({ a: users.id }).from(users).as('s').as('t'))),
      'not_a_table',
      /'t' is an alias of something else/,
    ],
    [
      'a subquery',
      () => deleteFrom(wrong(select({ a: users.id }).from(users).as('s'))),
      'not_a_table',
      /'s' is a subquery/,
    ],
    ['a text', () => insert(wrong('users')), 'invalid_source', /insert/],
  ],
  'types have their operators': [
    [
      'like of a number',
      () => untyped(users.id).like?.('x'),
      'no_operator',
      /users\.id is of type integer.*needs a text/,
    ],
    ['sum of a text', () => untyped(users.name).add?.(1), 'no_operator', /text.*needs a number/],
    ['not of a number', () => untyped(users.id).not?.(), 'no_operator', /integer.*needs a predicate/],
    ['comparison of json', () => untyped(every.json).eq?.({}), 'no_operator', /json.*cast/],
    ['comparison of jsonb', () => untyped(every.jsonb).eq?.({}), 'no_operator', /json.*cast/],
    ['smallest json', () => min(wrong(every.json)), 'no_operator', /json/],
    ['greatest uuid', () => max(wrong(every.uuid)), 'no_operator', /uuid/],
    [
      'a number as a predicate',
      () => select({ a: users.id }).from(users).where(wrong(users.id)),
      'invalid_predicate',
      /where.*users\.id of type integer/,
    ],
    [
      'a value as a predicate',
      () => select({ a: users.id }).from(users).where(wrong(true)),
      'invalid_predicate',
      /not true/,
    ],
    [
      'a mixed case',
      () => caseWhen(users.active, users.id).else(wrong(users.name)),
      'mixed_types',
      /integer and text/,
    ],
    ['a mixed coalesce', () => coalesce(users.nick, wrong(users.id)), 'mixed_types', /text and integer/],
    ['division by zero', () => users.id.div(0), 'division_by_zero', /users\.id\.div\(0\)/],
    ['remainder by zero', () => every.bigint.mod(0n), 'division_by_zero', /mod\(0n\)/],
    ['division by a decimal zero', () => every.numeric.div('0.00'), 'division_by_zero', /0\.00/],
    ['remainder of a fraction', () => untyped(every.double).mod?.(2), 'no_operator', /whole numbers/],
    ['a pattern that ends in a backslash', () => users.name.like('a\\'), 'invalid_pattern', /backslash/],
    ['a substring from 0', () => substring(users.name, 0), 'invalid_argument', /from 1/],
    ['a negative substring', () => substring(users.name, 1, -1), 'invalid_argument', /from 0/],
    ['an empty separator', () => splitPart(users.name, '', 1), 'invalid_argument', /separator/],
    [
      'a function of a strange name',
      () => fn('lower(x); drop table users --', text()),
      'invalid_name',
      /name of a function/,
    ],
    [
      'a scalar of two columns',
      () => select({ a: users.id, b: users.name }).from(users).scalar(),
      'not_scalar',
      /2: a, b/,
    ],
    [
      'in a query of two columns',
      () =>
        both(
          select({ a: users.id })
            .from(users)
            .where(users.id.in(wrong(select({ a: users.id, b: users.name }).from(users)))),
        ),
      'not_scalar',
      /2: a, b/,
    ],
    [
      'in a write',
      () => users.id.in(wrong(insert(notes).values({ id: 1 }).returning({ a: notes.id }))),
      'invalid_in',
      /select/,
    ],
    ['exists of a write', () => exists(wrong(insert(notes).values({ id: 1 }))), 'invalid_query', /exists/],
    [
      'members of different keys',
      () =>
        select({ a: users.id })
          .from(users)
          .union(wrong(select({ b: users.id }).from(users))),
      'mismatched_columns',
      /\(a\) and\s+\(b\)/,
    ],
    [
      'members in another order',
      () =>
        select({ a: users.id, b: users.score })
          .from(users)
          .union(select({ b: users.score, a: users.id }).from(users)),
      'mismatched_columns',
      /same order/,
    ],
    [
      'a set operation ordered by a column of a member',
      () =>
        untyped(
          select({ a: users.id })
            .from(users)
            .union(select({ a: users.id }).from(users)),
        ).orderBy?.(users.id),
      'invalid_order',
      /\(row\) => row/,
    ],
    [
      'a recursive step with a limit',
      () =>
        recursiveCte('r', select({ n: literal(1, integer()) }), (self) =>
          select({ n: self.n.add(1) })
            .from(self)
            .limit(3),
        ),
      'invalid_recursion',
      /'r'/,
    ],
    ['a negative limit', () => select({ a: users.id }).from(users).limit(-1), 'invalid_limit', /limit\(-1\)/],
    ['a broken limit', () => select({ a: users.id }).from(users).limit(1.5), 'invalid_limit', /whole number/],
    [
      'a limit that is no number',
      () => select({ a: users.id }).from(users).limit(Number.NaN),
      'invalid_limit',
      /limit/,
    ],
    [
      'a limit of text',
      () => select({ a: users.id }).from(users).limit(wrong('1; drop table users')),
      'invalid_limit',
      /limit/,
    ],
  ],
  'declarations make sense': [
    [
      'two primary keys',
      () => tableDefinition(table('t', { a: integer().primaryKey(), b: integer().primaryKey() })),
      'two_primary_keys',
      /primaryKey\(t\.a, t\.b\)/,
    ],
    [
      'a primary key in both ways',
      () =>
        tableDefinition(
          table('t', { a: integer().primaryKey(), b: integer() }, (t) => [primaryKey(t.a, t.b)]),
        ),
      'two_primary_keys',
      /'t'/,
    ],
    [
      'a foreign key of uneven sides',
      () =>
        tableDefinition(
          table('t', { a: integer() }, (t) => [foreignKey([t.a], () => [users.id, users.orgId])]),
        ),
      'invalid_foreign_key',
      /1 columns with 2/,
    ],
    [
      'a foreign key to two tables',
      () =>
        tableDefinition(
          table('t', { a: integer(), b: integer() }, (t) => [
            foreignKey([t.a, t.b], () => [users.id, orgs.id]),
          ]),
        ),
      'invalid_foreign_key',
      /users and orgs/,
    ],
    [
      'a reference without a column',
      () => tableDefinition(table('t', { a: integer().references('users') })),
      'invalid_reference',
      /'table\.column'/,
    ],
    ['identity of a text', () => untyped(text()).identity?.(), 'invalid_identity', /not text/],
    ['a varchar of no length', () => varchar(0), 'invalid_type', /0/],
    [
      'a numeric of more digits behind the point than in all',
      () => numeric({ precision: 2, scale: 3 }),
      'invalid_type',
      /scale/,
    ],
    ['a column that is none', () => table('t', wrong({ a: 'text' })), 'invalid_column', /'a'.*text\(\)/],
    ['a column called as', () => table('t', { as: text() }), 'reserved_key', /'as'/],
    ['a column called __proto__', () => table('t', { ['__proto__']: text() }), 'reserved_key', /__proto__/],
    ['a table name with NUL', () => table('a\0b', { a: text() }), 'invalid_name', /NUL/],
    [
      'a column name with half a surrogate pair',
      () => table('t', { a: text('x\ud800') }),
      'invalid_name',
      /surrogate/,
    ],
    ['a label __proto__', () => select({ ['__proto__']: users.id }), 'reserved_key', /__proto__/],
    [
      'a nested label __proto__',
      () => select({ a: { ['__proto__']: users.id } }),
      'reserved_key',
      /__proto__/,
    ],
  ],
  'raw SQL is a template': [
    ['a text', () => sql(wrong('select 1; drop table users')), 'invalid_sql', /never run as SQL/],
    ['a statement of text', () => sql.statement(wrong('vacuum')), 'invalid_sql', /tag/],
    ['an array', () => sql`id in ${[1, 2]}`, 'invalid_part', /column\.in/],
    ['a function', () => sql`${() => 1}`, 'undefined_value', /function/],
  ],
}

describe.each(Object.entries(cases))('%s', (_, list) => {
  it.each(list)('%s', async (_does, work, code, says) => {
    const error = await errorOf(work)
    expect(error.message).toMatch(says)
    expect(error.code).toBe(code)
    expect(isEspalierError(error)).toBe(true)
  })
})

describe('values are of the type of their column', () => {
  const values: Readonly<Record<string, readonly unknown[]>> = {
    integer: ['1', 1.5, Number.NaN, Infinity, 2147483648, 1n, true, {}, [], new Date(), Symbol('x'), () => 1],
    bigint: [1, '1', 9223372036854775808n, true, {}],
    numeric: [1, 1n, 'x', '', '1,5', ' 1', '0x1', {}],
    money: ['12345.00', '1.005', 1],
    real: ['1', 1n, true, {}, 1e300],
    double: ['1', 1n, {}],
    boolean: [1, 0, 'true', {}, 'f'],
    text: [1, true, {}, [], new Date(), new String('x')],
    code: ['123456', 1],
    date: ['2026-02-30', '2026-1-1', 'x', new Date(), 1, '2026-11-21T00:00:00Z'],
    timestamp: ['2026-11-21', 0, new Date(Number.NaN)],
    timestamptz: ['2026-11-21', 0, new Date(Number.NaN), new Date(8.64e15)],
    json: [() => 1, Symbol('x'), 1n, { a: 1n }],
    jsonb: [() => 1, 1n],
    uuid: ['x', '6f9619ff8b864d11b42d00cf4fc964ff', 1],
    bytes: ['x', [1, 2], new ArrayBuffer(2)],
  }
  const circular: Record<string, unknown> = {}
  circular.self = circular

  for (const dialect of [postgresDialect, sqliteDialect]) {
    it.each(Object.entries(values))(`%s on ${dialect.name}`, async (key, list) => {
      for (const value of list) {
        const statement = insert(every).values(wrong({ id: 1, [key]: value }))
        const error = await errorOf(() => statement.toSQL(dialect))
        expect(error.code, String(value)).toBe('invalid_value')
        expect(error.message).toContain(`every.${key}`)
        expect((await errorOf(() => statement.toSQL(dialect, { inline: true }))).code).toBe('invalid_value')
      }
    })
    it(`a circular object on ${dialect.name}`, async () => {
      const error = await errorOf(() => insert(every).values({ id: 1, json: circular }).toSQL(dialect))
      expect(error.code).toBe('invalid_value')
    })
    it(`a comparison names the column on ${dialect.name}`, async () => {
      const statement = select({ a: users.id })
        .from(users)
        .where(users.id.eq(wrong('1')))
      const error = await errorOf(() => statement.toSQL(dialect))
      expect(error.message).toMatch(/users\.id: "1" is no value for integer/)
    })
  }
})

describe('limits of a column are for what it stores, not for what it is compared with', () => {
  it.each([
    ['a longer text', every.code.eq('longer than five'), 'longer than five'],
    ['more digits', every.money.gt('12345.678'), '12345.678'],
    ['a longer default', coalesce(every.code, 'longer than five').eq('x'), 'longer than five'],
    ['a joined text', every.code.concat('longer than five').eq('x'), 'longer than five'],
  ] as const)('%s', (_, predicate, value) => {
    const { params } = select({ a: every.id }).from(every).where(predicate).toSQL(postgresDialect)
    expect(params).toContain(value)
  })
})

describe('what may look wrong and is not', () => {
  it('an empty list is never true, nor its opposite ever false', () => {
    const where = (predicate: Predicate<'users'>) =>
      select({ a: users.id }).from(users).where(predicate).toSQL(postgresDialect).sql
    expect(where(users.id.in([]))).toBe('select "users"."id" as "a" from "users" where false')
    expect(where(users.id.notIn([]))).toBe('select "users"."id" as "a" from "users"')
  })

  it('a schema keeps a table apart from a CTE of its name', () => {
    const c = cte('users', select({ id: orgs.id }).from(orgs))
    const elsewhere = table('users', { id: integer() }, undefined, { schema: 's' })
    const query = select({ a: c.id })
      .from(c)
      .where(c.id.in(select(elsewhere.id).from(elsewhere)))
    expect(query.toSQL(postgresDialect).sql).toContain('from "s"."users"')
  })

  it('one object may stand in a query and in a subquery of it, where it is the inner one', () => {
    const query = select({ a: users.id })
      .from(users)
      .where(users.id.in(select(sum(users.id)).from(users)) as never)
    expect(query.toSQL(postgresDialect).sql).toContain('in (select sum("users"."id")')
  })

  it('a number that is none is called by its name, not null', () => {
    expect(() => select({ a: literal(Number.NaN, integer()) }).toSQL(sqliteDialect)).toThrow(
      /^NaN is no value/,
    )
    expect(() => select({ a: literal(Infinity, integer()) }).toSQL(sqliteDialect)).toThrow(/^Infinity is no/)
  })

  it('errors of one statement leave the next one alone', async () => {
    const broken = select({ a: orgs.id }).from(users)
    for (let i = 0; i < 3; i++) expect((await errorOf(() => both(broken))).code).toBe('missing_source')
    expect(select({ a: users.id }).from(users).toSQL(postgresDialect).sql).toBe(
      'select "users"."id" as "a" from "users"',
    )
  })
})
