import { Cursor } from './cursor.js'
import { parseKey } from './key.js'
import type {
  CreateIndexPart,
  CreateStatement,
  CreateTablePart,
  CreateTriggerPart,
  CreateViewPart,
  CreateVirtualTablePart,
  NamePart,
  SourcePart,
} from './syntax.js'
import { parseNames, parseTableBody } from './table.js'
import { type TokenList, tokenize } from './token.js'

/**
 * A `create` statement of SQLite, as its grammar has it: of a table, an index, a view, a trigger or a virtual table, as
 * `sqlite_schema` keeps them or as they are written. Every part knows its tokens, and the tokens with what is between
 * them are the text; so {@link replaceParts} changes a part and nothing else. Expressions and queries are kept as they are
 * written, and not looked into.
 *
 * Throws a `BuildError` with the place for what is no such statement.
 * @example
 * ```ts
 * const statement = parseCreate('create table [t]  (a int default 5, unique (a))')
 * if (statement.kind === 'create table') console.log(statement.name.name, statement.columns.length) // t 1
 * printStatement(statement) // create table [t]  (a int default 5, unique (a))
 * ```
 */
export function parseCreate(sql: string): CreateStatement {
  const text = tokenize(sql)
  const cursor = new Cursor(text)
  cursor.expect('create')
  const statement = createStatement(cursor, text)
  while (cursor.take(';'));
  if (!cursor.isAtEnd) throw cursor.error('the end of the statement')
  return statement
}

interface Head {
  readonly temporary: boolean
  readonly ifNotExists: boolean
  readonly schema: NamePart | undefined
  readonly name: NamePart
  readonly text: TokenList
}

function createStatement(cursor: Cursor, text: TokenList): CreateStatement {
  const temporary = cursor.take('temp') || cursor.take('temporary')
  const head = (): Head => {
    // A table may be called `if`.
    const ifNotExists = cursor.is('not', 1) && cursor.is('exists', 2) && cursor.take('if', 'not')
    if (ifNotExists) cursor.expect('exists')
    const first = cursor.name()
    const name = cursor.take('.') ? cursor.name() : undefined
    return { temporary, ifNotExists, schema: name && first, name: name ?? first, text }
  }
  if (cursor.take('table')) return createTable(cursor, head())
  if (cursor.take('view')) return createView(cursor, head())
  if (cursor.take('trigger')) return createTrigger(cursor, head())
  if (cursor.take('virtual', 'table')) return createVirtualTable(cursor, head())
  const unique = cursor.take('unique')
  if (cursor.take('index')) return createIndex(cursor, head(), unique)
  throw cursor.error('table, index, view, trigger or virtual table')
}

function createTable(cursor: Cursor, head: Head): CreateTablePart {
  if (cursor.take('as')) {
    const query = rest(cursor)
    return {
      kind: 'create table',
      ...head,
      columns: [],
      constraints: [],
      options: [],
      strict: false,
      withoutRowid: false,
      query,
    }
  }
  const body = parseTableBody(cursor)
  const options: NamePart[] = []
  let strict = false
  let withoutRowid = false
  if (!cursor.isAtEnd && !cursor.is(';')) {
    // The grammar lets a comma stand before the first, too.
    cursor.take(',')
    do {
      const first = cursor.at
      const isWithout = cursor.take('without')
      const { name } = cursor.name()
      options.push({ ...cursor.part(first), name: isWithout ? `without ${name}` : name })
      if (isWithout) withoutRowid = true
      else strict = true
    } while (cursor.take(','))
  }
  return { kind: 'create table', ...head, ...body, options, strict, withoutRowid }
}

function createIndex(cursor: Cursor, head: Head, unique: boolean): CreateIndexPart {
  cursor.expect('on')
  const table = cursor.name()
  const keys = cursor.listOf(() => parseKey(cursor))
  const where = cursor.take('where') ? cursor.expression() : undefined
  return { kind: 'create index', ...head, unique, table, keys, where }
}

function createView(cursor: Cursor, head: Head): CreateViewPart {
  const columns = cursor.is('(') ? parseNames(cursor) : []
  cursor.expect('as')
  return { kind: 'create view', ...head, columns, query: rest(cursor) }
}

function createVirtualTable(cursor: Cursor, head: Head): CreateVirtualTablePart {
  cursor.expect('using')
  const module = cursor.name()
  const args: SourcePart[] = []
  if (cursor.take('(')) {
    do {
      const first = cursor.at
      while (!cursor.isAtEnd && !cursor.is(',') && !cursor.is(')')) {
        if (cursor.is('(')) cursor.parentheses()
        else cursor.at++
      }
      args.push(cursor.source(first))
    } while (cursor.take(','))
    cursor.expect(')')
  }
  // `using fts5()` has no argument.
  if (args.length === 1 && args[0]?.source === '') args.pop()
  return { kind: 'create virtual table', ...head, module, arguments: args }
}

function createTrigger(cursor: Cursor, head: Head): CreateTriggerPart {
  const isInstead = cursor.take('instead')
  if (isInstead) cursor.expect('of')
  const timing = isInstead ? 'instead of' : cursor.take('after') ? 'after' : 'before'
  if (timing === 'before') cursor.take('before')
  const event = cursor.choose('delete', 'insert', 'update')
  const columns: NamePart[] = []
  if (event === 'update' && cursor.take('of')) {
    do columns.push(cursor.name())
    while (cursor.take(','))
  }
  cursor.expect('on')
  const first = cursor.name()
  const second = cursor.take('.') ? cursor.name() : undefined
  if (cursor.take('for')) cursor.expect('each', 'row')
  const when = cursor.take('when') ? cursor.expression() : undefined
  cursor.expect('begin')
  const statements: SourcePart[] = []
  do {
    statements.push(rest(cursor))
    cursor.expect(';')
  } while (!cursor.take('end'))
  return {
    kind: 'create trigger',
    ...head,
    timing,
    event,
    columns,
    table: second ?? first,
    tableSchema: second && first,
    when,
    statements,
  }
}

/** What stands up to the next semicolon or the end. */
function rest(cursor: Cursor): SourcePart {
  const first = cursor.at
  while (!cursor.isAtEnd && !cursor.is(';')) {
    if (cursor.is('(')) cursor.parentheses()
    else cursor.at++
  }
  if (cursor.at === first) throw cursor.error('a query')
  return cursor.source(first)
}
