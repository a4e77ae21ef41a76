import type { CatalogDeferrable, ReferentialAction, SqliteConflict } from '@espalier/core'
import { type Cursor, unquoted } from './cursor.js'
import { parseKey, parseOrder } from './key.js'
import type {
  ColumnConstraintPart,
  ColumnPart,
  NamePart,
  ReferencePart,
  SourcePart,
  TableConstraintPart,
} from './syntax.js'
import { type Token, tokenize } from './token.js'

const CONSTRAINT_WORDS = ['constraint', 'primary', 'unique', 'check', 'foreign']

/** What stands in the parentheses of `create table`. */
export function parseTableBody(cursor: Cursor): {
  readonly columns: readonly ColumnPart[]
  readonly constraints: readonly TableConstraintPart[]
} {
  const columns: ColumnPart[] = []
  const constraints: TableConstraintPart[] = []
  cursor.expect('(')
  do {
    if (columns.length > 0 && CONSTRAINT_WORDS.includes(cursor.word)) {
      constraints.push(parseTableConstraint(cursor))
      // Between constraints the comma may be left out.
      while (CONSTRAINT_WORDS.includes(cursor.word)) constraints.push(parseTableConstraint(cursor))
    } else if (constraints.length === 0) columns.push(parseColumn(cursor))
    else throw cursor.error('a constraint')
  } while (cursor.take(','))
  cursor.expect(')')
  return { columns, constraints }
}

function parseColumn(cursor: Cursor): ColumnPart {
  const first = cursor.at
  const name = cursor.name()
  const type = parseType(cursor)
  const constraints: ColumnConstraintPart[] = []
  for (;;) {
    const constraint = parseColumnConstraint(cursor)
    if (constraint === undefined) return { ...cursor.part(first), name, type, constraints }
    constraints.push(constraint)
  }
}

function parseType(cursor: Cursor): SourcePart | undefined {
  const first = cursor.at
  while (cursor.isTypeWord()) cursor.at++
  if (cursor.at === first) return undefined
  if (cursor.take('(')) {
    do {
      if (cursor.is('+') || cursor.is('-')) cursor.at++
      if (cursor.token?.kind !== 'number') throw cursor.error('a number')
      cursor.at++
    } while (cursor.take(','))
    cursor.expect(')')
  }
  const source = withoutGenerated(cursor.text(first, cursor.at))
  return source === '' ? undefined : { ...cursor.part(first), source: dequotedType(source) }
}

/**
 * `generated always` is read as the end of the type before it. SQLite takes it off the text in this way, which is not that of
 * the tokens where there is a comment between.
 */
function withoutGenerated(type: string): string {
  if (type.length < 16 || !type.toLowerCase().endsWith('always')) return type
  const isSpace = (character: string | undefined) =>
    character !== undefined && ' \t\n\f\r\v'.includes(character)
  const trimmed = (text: string) => {
    let end = text.length
    while (isSpace(text[end - 1])) end--
    return text.slice(0, end)
  }
  const before = trimmed(type.slice(0, -6))
  return before.toLowerCase().endsWith('generated') ? trimmed(before.slice(0, -9)) : before
}

const isQuote = (character: string | undefined) => character !== undefined && '\'"`['.includes(character)

/** A type that begins with a quote is what stands in the quotes: with SQLite's own way of looking for their end. */
function dequotedType(type: string): string {
  if (!isQuote(type[0])) return type
  if (type.length >= 3 && ![...type.slice(1, -1)].some(isQuote)) return dequotedType(type.slice(1, -1))
  const [token] = tokenize(type).tokens
  return token === undefined ? type : unquoted(token)
}

function parseColumnConstraint(cursor: Cursor): ColumnConstraintPart | undefined {
  const first = cursor.at
  const name = cursor.take('constraint') ? cursor.name() : undefined
  const rest = columnConstraint(cursor)
  if (rest === undefined) return name && { kind: 'name only', name, ...cursor.part(first) }
  return { ...rest, name, ...cursor.part(first) }
}

type Unplaced<T> = T extends unknown ? Omit<T, 'first' | 'end' | 'name'> : never

function columnConstraint(cursor: Cursor): Unplaced<ColumnConstraintPart> | undefined {
  switch (cursor.word) {
    case 'primary': {
      cursor.expect('primary', 'key')
      const order = parseOrder(cursor)
      const onConflict = parseConflict(cursor)
      return { kind: 'primary key', order, onConflict, autoincrement: cursor.take('autoincrement') }
    }
    case 'not':
      cursor.at++
      if (cursor.take('null')) return { kind: 'not null', onConflict: parseConflict(cursor) }
      cursor.expect('deferrable')
      parseInitially(cursor)
      return { kind: 'deferrable', deferrable: undefined }
    case 'deferrable':
      cursor.at++
      return { kind: 'deferrable', deferrable: parseInitially(cursor) }
    case 'null':
      cursor.at++
      return { kind: 'null', onConflict: parseConflict(cursor) }
    case 'unique':
      cursor.at++
      return { kind: 'unique', onConflict: parseConflict(cursor) }
    case 'check':
      cursor.at++
      return { kind: 'check', expression: cursor.inParentheses(), onConflict: parseConflict(cursor) }
    case 'default':
      cursor.at++
      return { kind: 'default', ...parseDefault(cursor) }
    case 'collate':
      cursor.at++
      return { kind: 'collate', collation: cursor.name() }
    case 'references':
      return { kind: 'references', reference: parseReference(cursor) }
    case 'generated':
    case 'as': {
      if (cursor.take('generated')) cursor.expect('always')
      cursor.expect('as')
      const expression = cursor.inParentheses()
      // Any other word is an error of SQLite's, but for `virtual`, which is what it is without one.
      const stored = cursor.take('stored') || (cursor.take('virtual') && false)
      return { kind: 'generated', expression, stored }
    }
  }
  return undefined
}

function parseDefault(cursor: Cursor): {
  readonly value: SourcePart
  readonly form: 'expression' | 'literal' | 'name'
} {
  if (cursor.is('(')) return { value: cursor.inParentheses(), form: 'expression' }
  const first = cursor.at
  if (cursor.is('+') || cursor.is('-')) cursor.at++
  const token = cursor.token as Token | undefined
  const isLiteral =
    token?.word === 'null' || ['string', 'number', 'blob', 'variable'].includes(token?.kind ?? '')
  if (!isLiteral && !cursor.isName()) throw cursor.error('a value')
  const isTime = ['current_time', 'current_date', 'current_timestamp'].includes(token?.word ?? '')
  cursor.at++
  return { value: cursor.source(first), form: isLiteral || isTime ? 'literal' : 'name' }
}

function parseTableConstraint(cursor: Cursor): TableConstraintPart {
  const first = cursor.at
  const name = cursor.take('constraint') ? cursor.name() : undefined
  const rest = tableConstraint(cursor)
  if (rest !== undefined) return { ...rest, name, ...cursor.part(first) }
  if (name === undefined) throw cursor.error('a constraint')
  return { kind: 'name only', name, ...cursor.part(first) }
}

function tableConstraint(cursor: Cursor): Unplaced<TableConstraintPart> | undefined {
  switch (cursor.word) {
    case 'primary': {
      cursor.expect('primary', 'key', '(')
      const keys = [parseKey(cursor)]
      while (cursor.take(',')) keys.push(parseKey(cursor))
      const autoincrement = cursor.take('autoincrement')
      cursor.expect(')')
      return { kind: 'primary key', keys, autoincrement, onConflict: parseConflict(cursor) }
    }
    case 'unique':
      cursor.at++
      return {
        kind: 'unique',
        keys: cursor.listOf(() => parseKey(cursor)),
        onConflict: parseConflict(cursor),
      }
    case 'check':
      cursor.at++
      return { kind: 'check', expression: cursor.inParentheses(), onConflict: parseConflict(cursor) }
    case 'foreign': {
      cursor.expect('foreign', 'key')
      const columns = parseNames(cursor)
      const reference = parseReference(cursor)
      const isNot = cursor.is('not') && cursor.is('deferrable', 1)
      if (isNot) cursor.at++
      const deferrable = cursor.take('deferrable') ? parseInitially(cursor) : undefined
      return { kind: 'foreign key', columns, reference, deferrable: isNot ? undefined : deferrable }
    }
  }
  return undefined
}

/** Names in parentheses. Orders and collations, which older versions took there, are passed over. */
export function parseNames(cursor: Cursor): NamePart[] {
  return cursor.listOf(() => {
    const name = cursor.name()
    if (cursor.take('collate')) cursor.name()
    parseOrder(cursor)
    return name
  })
}

function parseReference(cursor: Cursor): ReferencePart {
  const first = cursor.at
  cursor.expect('references')
  const table = cursor.name()
  const columns = cursor.is('(') ? parseNames(cursor) : []
  let onDelete: ReferentialAction | undefined
  let onUpdate: ReferentialAction | undefined
  let match: string | undefined
  for (;;) {
    if (cursor.take('match')) match = cursor.name().name
    else if (cursor.is('on') && !cursor.is('conflict', 1)) {
      cursor.at++
      const event = cursor.choose('delete', 'update', 'insert')
      const action = parseAction(cursor)
      // What is stated last holds. `on insert` is in the grammar and means nothing.
      if (event === 'delete') onDelete = action
      if (event === 'update') onUpdate = action
    } else return { ...cursor.part(first), table, columns, onDelete, onUpdate, match }
  }
}

function parseAction(cursor: Cursor): ReferentialAction {
  const word = cursor.choose('set', 'cascade', 'restrict', 'no')
  if (word === 'set') return `set ${cursor.choose('null', 'default')}`
  if (word !== 'no') return word
  cursor.expect('action')
  return 'no action'
}

function parseInitially(cursor: Cursor): CatalogDeferrable {
  if (!cursor.take('initially')) return 'initially immediate'
  return `initially ${cursor.choose('deferred', 'immediate')}`
}

function parseConflict(cursor: Cursor): SqliteConflict | 'abort' | undefined {
  if (!cursor.take('on', 'conflict')) return undefined
  return cursor.choose('rollback', 'abort', 'fail', 'ignore', 'replace')
}
