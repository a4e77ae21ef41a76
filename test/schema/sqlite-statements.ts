import fc from 'fast-check'

/** A name in any of the ways in which SQLite takes one. */
const plainNames = [
  'a',
  'b',
  'c',
  'd',
  'e',
  'f',
  'T1',
  '_x',
  'é',
  'key',
  'temp',
  'action',
  'row',
  'desc',
  'like',
  'first',
  'over',
  'window',
  'filter',
  'natural',
  'current_date',
  'begin',
  'end',
  'generated',
  'always',
  'if',
  'a$1',
  'indexed',
  'without',
  'rowid',
  'strict',
  'stored',
]
const oddNames = [
  'select',
  'two words',
  'a"b',
  "it's",
  'a`b',
  'x]y',
  '--',
  '/*',
  '',
  'ünï',
  'table',
  '1a',
  '$',
  'a;b',
  'a(b',
  '%',
]

function quoted(name: string, style: number): string {
  switch (style % 4) {
    case 0:
      return `"${name.replaceAll('"', '""')}"`
    case 1:
      return name.includes(']') ? `"${name.replaceAll('"', '""')}"` : `[${name}]`
    case 2:
      return `\`${name.replaceAll('`', '``')}\``
    default:
      return `'${name.replaceAll("'", "''")}'`
  }
}

const style = fc.nat(3)
const nameToken = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...plainNames) },
  {
    weight: 2,
    arbitrary: fc.tuple(fc.constantFrom(...plainNames), style).map(([name, way]) => quoted(name, way)),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.constantFrom(...oddNames), style).map(([name, way]) => quoted(name, way)),
  },
)

type Tokens = readonly string[]
const none: Tokens = []
const maybe = (part: fc.Arbitrary<Tokens>, weight = 1) =>
  fc.oneof({ weight: 2, arbitrary: fc.constant(none) }, { weight, arbitrary: part })
const words = (text: string): Tokens => text.split(' ')
const oneOf = (...texts: readonly string[]) => fc.constantFrom(...texts.map(words))
const joined = (...parts: readonly fc.Arbitrary<Tokens>[]) => fc.tuple(...parts).map((lists) => lists.flat())
const name = nameToken.map((one): Tokens => [one])
const listed = (part: fc.Arbitrary<Tokens>, max = 3, separator: Tokens = [',']) =>
  fc
    .array(part, { minLength: 1, maxLength: max })
    .map((parts) => parts.flatMap((one, i) => (i === 0 ? one : [...separator, ...one])))
const within = (part: fc.Arbitrary<Tokens>) => part.map((one) => ['(', ...one, ')'])

const literal = oneOf(
  '1',
  '- 2',
  '0x1F',
  '1.5e3',
  '.5',
  "'it''s'",
  "x'0aFF'",
  'null',
  'true',
  'current_timestamp',
  "'--'",
  "'/*'",
  '1_000',
)
const column = oneOf('a', 'b', '"c"', '[d]', '`e`', 'f')

/** An expression over columns of a to f, without subqueries. */
const expression: fc.Arbitrary<Tokens> = fc.letrec<{ e: Tokens }>((tie) => ({
  e: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    column,
    literal,
    joined(
      tie('e'),
      oneOf(
        '+',
        '||',
        '=',
        '==',
        '<>',
        'and',
        'or',
        'is',
        'is not',
        'like',
        'not glob',
        '->>',
        '<<',
        'is not distinct from',
      ),
      tie('e'),
    ),
    joined(oneOf('not', '-', '~', '+'), tie('e')),
    within(tie('e')),
    joined(tie('e'), oneOf('isnull', 'notnull', 'not null', 'collate nocase', 'collate "rtrim"')),
    joined(tie('e'), oneOf('between', 'not between'), tie('e'), oneOf('and'), tie('e')),
    joined(tie('e'), oneOf('in', 'not in'), within(listed(tie('e')))),
    joined(
      oneOf('case'),
      oneOf('when'),
      tie('e'),
      oneOf('then'),
      tie('e'),
      maybe(joined(oneOf('else'), tie('e'))),
      oneOf('end'),
    ),
    joined(oneOf('case'), tie('e'), oneOf('when'), tie('e'), oneOf('then'), tie('e'), oneOf('end')),
    joined(oneOf('cast'), within(joined(tie('e'), oneOf('as'), oneOf('text', 'int', 'varchar ( 10 )')))),
    joined(oneOf('abs', 'lower', '"length"', 'coalesce'), within(listed(tie('e'), 2))),
    joined(tie('e'), oneOf('like'), tie('e'), oneOf('escape'), oneOf("'!'")),
  ),
})).e

const conflict = maybe(
  oneOf(
    'on conflict rollback',
    'on conflict abort',
    'on conflict fail',
    'on conflict ignore',
    'on conflict replace',
  ),
)
const type = fc.oneof(
  oneOf(
    'int',
    'INTEGER',
    'text',
    'real',
    'blob',
    'numeric',
    'any',
    'varchar ( 10 )',
    'decimal ( 10 , - 2 )',
    'unsigned big int',
    'double precision',
    '"my type"',
    "'odd' type",
    '[a b] ( 3 )',
    'datetime',
    'ünïcode',
    'floating point',
    'charint',
    'integer',
    'key',
    'boolean',
    'x ( + 1.5 )',
  ),
  fc.constant(none),
)
const reference = joined(
  oneOf('references'),
  fc.oneof(oneOf('t', 'other', '"two words"'), name),
  maybe(within(listed(name, 2))),
  fc
    .array(
      oneOf(
        'on delete cascade',
        'on update set null',
        'on delete set default',
        'on update no action',
        'on delete restrict',
        'match full',
        'match simple',
        'on insert cascade',
      ),
      { maxLength: 3 },
    )
    .map((lists) => lists.flat()),
)
const deferrable = maybe(
  oneOf(
    'deferrable',
    'not deferrable',
    'deferrable initially deferred',
    'deferrable initially immediate',
    'not deferrable initially deferred',
  ),
)
const order = maybe(oneOf('asc', 'desc'))
const columnConstraint = fc.oneof(
  joined(oneOf('not null'), conflict),
  joined(oneOf('null'), conflict),
  joined(oneOf('unique'), conflict),
  joined(oneOf('check'), within(expression), conflict),
  joined(
    oneOf('default'),
    fc.oneof(literal, within(literal), oneOf('+ 5', '- 7.5', 'foo', '"bar"', 'true', 'current_date')),
  ),
  joined(oneOf('collate'), oneOf('nocase', '"rtrim"', 'BINARY')),
  joined(reference, deferrable),
  joined(oneOf('as', 'generated always as'), within(expression), maybe(oneOf('stored', 'virtual'))),
)
const columnDefinition = (columnName: Tokens) =>
  joined(
    fc.constant(columnName),
    type,
    fc
      .array(joined(maybe(joined(oneOf('constraint'), name)), columnConstraint), { maxLength: 3 })
      .map((lists) => lists.flat()),
  )
const key = joined(
  fc.oneof({ weight: 3, arbitrary: column }, { weight: 1, arbitrary: within(column) }),
  maybe(oneOf('collate nocase', 'collate [rtrim]')),
  order,
)
const indexKey = joined(
  fc.oneof(column, expression),
  maybe(oneOf('collate nocase')),
  order,
  maybe(oneOf('nulls last', 'nulls first')),
)
const tableConstraint = joined(
  maybe(joined(oneOf('constraint'), name)),
  fc.oneof(
    joined(oneOf('unique'), within(listed(key)), conflict),
    joined(oneOf('check'), within(expression), conflict),
    joined(oneOf('foreign key'), within(listed(column, 2)), reference, deferrable),
  ),
)
const ifNotExists = maybe(oneOf('if not exists'))
const columnSets = [
  ['a', 'b', '"c"', '[d]', '`e`', 'f'],
  ["'a'", 'B', 'c', '"d"', 'E', '[f]', '"an odd ""one"""'],
]

export const createTable = fc.constantFrom(...columnSets).chain((names) =>
  joined(
    oneOf('create table', 'CREATE TABLE', 'create temp table'),
    ifNotExists,
    fc.oneof(oneOf('t', '"t"', '[t]'), name),
    fc.constant(['(']),
    fc
      .tuple(...names.map((one) => columnDefinition([one])))
      .map((lists) => lists.flatMap((one, i) => (i === 0 ? one : [',', ...one]))),
    maybe(
      fc.oneof(
        oneOf(
          ', primary key ( a )',
          ', primary key ( a desc , b collate nocase )',
          ', constraint pk primary key ( b ) on conflict fail',
        ),
      ),
    ),
    maybe(fc.tuple(listed(tableConstraint, 3), fc.boolean()).map(([one]) => [',', ...one])),
    fc.constant([')']),
    maybe(oneOf('strict', 'without rowid', 'STRICT , WITHOUT ROWID')),
  ),
)
const select = oneOf(
  'select 1 as x , 2 y',
  'select a , b from t where a > 1 order by b',
  'with q as ( select 1 ) select * from q',
  'values ( 1 , 2 )',
  'select * from ( select * from t ) as s union all select * from t',
)
export const createIndex = joined(
  oneOf('create index', 'create unique index'),
  ifNotExists,
  fc.oneof(oneOf('i', 'main . i'), name),
  oneOf('on t'),
  within(listed(indexKey)),
  maybe(joined(oneOf('where'), expression)),
)
export const createView = joined(
  oneOf('create view', 'create temp view'),
  ifNotExists,
  fc.oneof(oneOf('v'), name),
  oneOf('as'),
  select,
)
export const createTrigger = joined(
  oneOf('create trigger', 'create temp trigger'),
  ifNotExists,
  fc.oneof(oneOf('r', 'before', 'main . r'), name),
  maybe(oneOf('before', 'after')),
  oneOf('insert', 'delete', 'update', 'update of a , "c"'),
  oneOf('on t'),
  maybe(oneOf('for each row')),
  maybe(
    fc.oneof(
      oneOf(
        'when 1',
        'when new . a > 1 and old . b in ( select a from t )',
        'when case 1 when 2 then 3 else 4 end',
        'when "new" . [a] not null',
      ),
    ),
  ),
  oneOf('begin'),
  fc
    .array(
      oneOf(
        "select case when 1 then raise ( abort , 'no; end' ) end ;",
        'update or ignore t set a = 1 where b = 2 ;',
        'insert into t ( a ) select 1 ;',
        'delete from t where a = 1 ;',
        'insert into t ( a ) values ( 1 ) on conflict do nothing ;',
        'with q as ( select 1 ) select * from q ;',
      ),
      { minLength: 1, maxLength: 3 },
    )
    .map((lists) => lists.flat()),
  oneOf('end'),
)
export const createVirtualTable = joined(
  oneOf('create virtual table'),
  ifNotExists,
  name,
  oneOf('using'),
  oneOf(
    "fts5 ( a , b unindexed , tokenize = 'porter unicode61' )",
    '"rtree" ( id , x , y )',
    'fts5 ( [a b] , prefix = "2 3" )',
    'fts4 ( a , ( b ) )',
  ),
)

const trivia = fc.constantFrom(
  ' ',
  '  ',
  '\n',
  '\t',
  '\r\n',
  ' -- a comment, (\n',
  '/* ; ) */',
  ' /**/ ',
  '\f',
  '/*--*/ ',
)

/** Tokens as a text: with spaces and comments between them, and keywords in another case here and there. */
export function written(tokens: fc.Arbitrary<Tokens>): fc.Arbitrary<string> {
  return tokens.chain((all) =>
    fc
      .tuple(
        fc.array(trivia, { minLength: all.length, maxLength: all.length }),
        fc.array(fc.nat(5), { minLength: all.length, maxLength: all.length }),
        fc.boolean(),
      )
      .map(([between, cases, isPlain]) =>
        all
          .map((token, i) => {
            const isWord = /^[a-z]+$/.test(token)
            const text = isWord && cases[i] === 0 ? token.toUpperCase() : token
            const space = isPlain ? ' ' : (between[i] as string)
            return text + (i === all.length - 1 && !isPlain ? '' : space)
          })
          .join(''),
      ),
  )
}

/** Texts with tokens left out, doubled or exchanged: mostly none that SQLite takes. */
export function mutated(tokens: fc.Arbitrary<Tokens>): fc.Arbitrary<Tokens> {
  return fc
    .tuple(
      tokens,
      fc.array(fc.tuple(fc.nat(), fc.nat(3), fc.nat()), { minLength: 1, maxLength: 2 }),
      fc.array(name, { minLength: 2, maxLength: 2 }),
    )
    .map(([all, changes, names]) => {
      const list = [...all]
      changes.forEach(([place, kind, other], n) => {
        const at = place % list.length
        const token = list[at] as string
        if (kind === 0) list.splice(at, 1)
        else if (kind === 1) list.splice(at, 0, token)
        else if (kind === 2) list[at] = list[other % list.length] as string
        else list[at] = (names[n] as Tokens)[0] as string
        if (list.length === 0) list.push('x')
      })
      return list
    })
}
