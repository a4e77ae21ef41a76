import {
  AggregateNode,
  type ArrayElementNode,
  type ArrayNode,
  type ArrayQueryNode,
  type ArraySliceNode,
  arrayItems,
  type BinaryNode,
  CallNode,
  type Codec,
  type Compiler,
  codecOf,
  ExpressionNode,
  type FeatureCallNode,
  type Fields,
  misfit,
  type NamedParameterNode,
  type OperatorNode,
  operatorOf,
  ParameterNode,
  Position,
  Precedence,
  type QuantifiedNode,
  quoteIdentifier,
  requireStable,
  type SqlType,
  storedInSqlite,
  TEXT,
  type TypedDialect,
  toHex,
  typeText,
  UnsupportedError,
  type Writer,
} from '@espalier/core'
import { hasCheckWithin } from './checks.js'
import { collatedBeside, isCaselessType } from './citext.js'
import { plainType } from './stored.js'

/**
 * SQLite has no arrays: one is a JSON text of the values as SQLite stores them, bytes as hexadecimal digits. Equal arrays
 * are one text, also where SQLite makes it: without spaces, with the same escapes and the same form of each number.
 *
 * See https://sqlite.org/json1.html
 */
export function arrayCodec(dialect: () => TypedDialect): Codec {
  const encode = (value: unknown, type: SqlType) => arrayText(value, type, dialect())
  return {
    ddl: () => 'text',
    definition: (column, type) => {
      if (hasCheckWithin(type)) {
        throw new UnsupportedError(
          'unsupported',
          `SQLite has no check of the elements of an array (${column}), which the domain in ${typeText(type)} asks for. ` +
            'Declare elements of the type that it is made of, or keep them as rows of a table.',
        )
      }
      return isCaselessType(type) ? 'text collate nocase' : 'text'
    },
    encode,
    literal: (value, type) => (dialect().types.text as Codec).literal(encode(value, type), TEXT),
  }
}

function arrayText(value: unknown, type: SqlType, dialect: TypedDialect): string {
  const declared = type.element as SqlType
  const element = declared.storage === undefined ? declared : plainType(declared)
  const codec = codecOf(dialect, element) as Codec
  const items = arrayItems(value, type).map((item) => {
    if (item === null) return 'null'
    const encoded = codec.encode(item, element)
    return isArray(element) ? encoded : itemText(encoded, element)
  })
  return `[${items.join(',')}]`
}

/** Whether a type is one of arrays, also where a program has their values in another form. */
function isArray(type: SqlType | undefined): boolean {
  return type !== undefined && storedInSqlite(type).family === 'array'
}

/** A value of SQLite as JSON, of which SQLite makes the same value again. */
export function itemText(value: unknown, type: SqlType): string {
  if (value instanceof Uint8Array) return `"${toHex(value).toUpperCase()}"`
  if (typeof value === 'number')
    return /numeric|real/.test(storedInSqlite(type).family) ? realText(value) : String(value)
  if (typeof value !== 'string') return String(value)
  if (!value.includes('\0')) return JSON.stringify(value)
  throw misfit(value, type, 'a text without NUL (\\u0000), at which SQLite would end it in JSON')
}

/** As `printf('%.15g')` of SQLite has it, where that is the number, and with as many digits as it needs elsewhere. */
function realText(value: number): string {
  if (!Number.isFinite(value)) return value < 0 ? '-9.0e+999' : '9.0e+999'
  if (Number(value.toPrecision(15)) !== value) return String(value)
  const [digits = '', exponent = ''] = value.toExponential(14).split('e')
  const size = Math.abs(Number(exponent))
  if (size <= 4 || (size < 15 && exponent[0] === '+')) return String(value)
  return `${digits.replace(/\.?0+$/, '')}e${exponent[0]}${String(size).padStart(2, '0')}`
}

/** What stands around an expression that becomes an element; the expression stands between each two. */
function elementTexts({ family }: SqlType, isStored: boolean): readonly string[] {
  switch (family) {
    case 'bytes':
      return ['case when ', ' is not null then hex(', ') end']
    case 'numeric':
      return ['json(case when ', " is not null then printf('%.15g', ", ') end)']
    case 'real':
      return [
        "json(case when cast(printf('%.15g', ",
        ') as real) = ',
        " then printf('%.15g', ",
        ') else json_quote(',
        ') end)',
      ]
    case 'array':
      return ['json(', ')']
    // What SQLite knows to be JSON would not become a text.
    case 'json':
    case 'text':
      return isStored ? AS_IT_IS : ['(', " || '')"]
    default:
      return AS_IT_IS
  }
}
const AS_IT_IS = ['', '']

function isStored({ kind }: { readonly kind: string }): boolean {
  return /^(column|parameter|namedParameter|constant)$/.test(kind)
}

/** An expression as an element of JSON. */
class ElementNode extends ExpressionNode {
  static readonly fields: Fields<ElementNode> = { operand: 'child', type: 'data' }
  constructor(
    readonly operand: ExpressionNode,
    readonly type: SqlType,
  ) {
    super('jsonElement')
  }
  override write(to: Writer): void {
    const { operand, type } = this
    const texts = elementTexts(storedInSqlite(type), isStored(operand))
    if (texts.length > 2) requireStable(to, operand, 'an element of an array')
    for (const [i, text] of texts.entries()) {
      if (i > 0) to.operand(operand, Precedence.primary)
      to.text(text)
    }
  }
}

/** An element as a value of SQLite again, by the SQL that gives it. */
export function valueOf(element: string, type: SqlType): string {
  const { family } = storedInSqlite(type)
  if (family === 'bytes') return `unhex(${element})`
  return family === 'real' ? `cast(${element} as real)` : element
}

/** An expression as it is compared with the elements of an array. */
function writeCompared(node: ExpressionNode, type: SqlType, to: Compiler): void {
  const isBytes = storedInSqlite(type).family === 'bytes'
  if (!isBytes) to.operand(node, Precedence.comparison + 1)
  else new ElementNode(node, type).write(to)
}

/** The elements of an array as rows with a `value`; those of arrays within one after the other. */
function elementsOf(array: string, type: SqlType): string {
  const isNested = isArray(type.element)
  return isNested
    ? `(select "value", "id" from json_tree(${array}) where "type" <> 'array')`
    : `json_each(${array})`
}

/** An array of the elements of rows that have a `value` each. */
function regrouped(element: SqlType, value = '"value"'): string {
  return `json_group_array(${isArray(element) ? `json(${value})` : value})`
}

/**
 * Operands that are computed once and then used by the names `a`, `b`, `c`: NULL unless the condition holds.
 */
function writeWith(operands: readonly (() => void)[], condition: string, result: string, to: Compiler): void {
  to.text(`(select case when ${condition} then ${result} end from (select `)
  for (const [i, write] of operands.entries()) {
    if (i > 0) to.text(', ')
    write()
    to.text(` as "${'abc'[i]}"`)
  }
  to.text('))')
}

const BOTH = '"a" is not null and "b" is not null'

export function writeArray({ items, type }: ArrayNode, to: Compiler): void {
  to.text('json_array(')
  to.list(items.map((item) => new ElementNode(item, type.element as SqlType)))
  to.text(')')
}

/** `->>` counts from 0, and numbers below 0 from the end. */
export function writeArrayElement({ array, index, type }: ArrayElementNode, to: Compiler): void {
  const [before = '', after = ''] = valueOf('|', type).split('|')
  to.text(before === '' ? '(' : before)
  to.operand(array, Precedence.primary)
  to.text(' ->> ')
  if (index.kind === 'parameter') {
    to.visit(new ParameterNode(((index as ParameterNode).value as number) - 1, index.type))
  } else {
    to.text('nullif(max(')
    to.visit(index)
    to.text(', 0) - 1, -1)')
  }
  to.text(after === '' ? ')' : after)
}

export function writeArraySlice({ array, first, last, type }: ArraySliceNode, to: Compiler): void {
  const operands = [array, first, ...(last === undefined ? [] : [last])]
  const isThere = operands.map((_, i) => `"${'abc'[i]}" is not null`).join(' and ')
  const until = last === undefined ? '' : ' and "key" < "c"'
  const part = `(select ${regrouped(type.element as SqlType)} from json_each("a") where "key" >= "b" - 1${until})`
  writeWith(
    operands.map((operand) => () => to.visit(operand)),
    isThere,
    part,
    to,
  )
}

/** Over no rows it is empty by itself. */
export function writeArrayQuery({ query, type }: ArrayQueryNode, to: Compiler): void {
  const { outputs, labels } = (
    query as unknown as {
      readonly selection: { readonly outputs: readonly ExpressionNode[]; readonly labels: readonly string[] }
    }
  ).selection
  const texts = elementTexts(storedInSqlite(type.element as SqlType), isStored(outputs[0] as ExpressionNode))
  to.text(`(select json_group_array(${texts.join(quoteIdentifier(labels[0] as string))}) from (`)
  to.nested(query)
  to.text('))')
}

/** An aggregate of no rows is NULL; `isWindowed` where that is said around the window. */
export function writeArrayAggregate(node: AggregateNode, isWindowed: boolean, to: Compiler): void {
  const { isDistinct, order, where, type } = node
  const args = node.args.map((arg) => new ElementNode(arg, type.element as SqlType))
  if (!isWindowed) to.text('nullif(')
  new AggregateNode('json_group_array', args, isDistinct, order, where, false, type).write(to)
  if (!isWindowed) to.text(", '[]')")
}

/** `@>`, `<@`, `&&` and `||`. As on PostgreSQL, NULL is no element that another equals. */
export function writeArrayOperator({ left, operator, right, type }: OperatorNode, to: Compiler): void {
  const operands = [() => to.visit(left), () => to.visit(right)]
  if (operator === '||') {
    writeConcat(operands, type, to)
    return
  }
  const rows = (name: string) => `${elementsOf(`"${name}"`, left.type)} as "${name}${name}"`
  const equal = `"aa"."value" = "bb"."value"${collationOf(left.type)}`
  const has = (one: string, other: string) =>
    `not exists (select 1 from ${rows(other)} where not exists (select 1 from ${rows(one)} where ${equal}))`
  const test =
    operator === '@>'
      ? has('a', 'b')
      : operator === '<@'
        ? has('b', 'a')
        : `exists (select 1 from ${rows('a')} where exists (select 1 from ${rows('b')} where ${equal}))`
  writeWith(operands, BOTH, test, to)
}

/** NULL counts as an array of none. */
function writeConcat(operands: readonly (() => void)[], type: SqlType, to: Compiler): void {
  const all = 'select "value" from json_each("a") union all select "value" from json_each("b")'
  const joined = `(select ${regrouped(type.element as SqlType)} from (${all}))`
  writeWith(operands, '"a" is not null or "b" is not null', joined, to)
}

/** How the elements of an array are compared, where not by their bytes. */
function collationOf(type: SqlType): string {
  return isCaselessType(type) ? ' collate nocase' : ''
}

/** Writes a function of arrays. */
type ArrayFunction = (node: FeatureCallNode, to: Compiler) => void

/** The functions of arrays, by the names that PostgreSQL has for them. */
export const sqliteArrayFunctions: Readonly<Record<string, ArrayFunction>> = {
  cardinality({ args }, to) {
    const [array] = args as [ExpressionNode]
    if (isArray(array.type.element)) {
      const count = `(select count(*) from ${elementsOf('"a"', array.type)})`
      writeWith([() => to.visit(array)], '"a" is not null', count, to)
    } else new CallNode('json_array_length', [array], array.type).write(to)
  },
  array_append({ args }, to) {
    const [array, value] = args as [ExpressionNode, ExpressionNode]
    to.text('json_insert(coalesce(')
    to.visit(array)
    to.text(", '[]'), '$[#]', ")
    new ElementNode(value, elementOf(array, to)).write(to)
    to.text(')')
  },
  array_prepend({ args, type }, to) {
    const [value, array] = args as [ExpressionNode, ExpressionNode]
    const first = () => {
      to.text('json_array(')
      new ElementNode(value, elementOf(array, to)).write(to)
      to.text(')')
    }
    writeConcat([first, () => to.visit(array)], type, to)
  },
  array_remove({ args }, to) {
    const [array, value] = args as [ExpressionNode, ExpressionNode]
    const element = elementOf(array, to)
    const rest = `(select ${regrouped(element)} from json_each("a") where "value" is not "b"${collationOf(element)})`
    writeWith([() => to.visit(array), () => writeCompared(value, element, to)], '"a" is not null', rest, to)
  },
  array_replace({ args }, to) {
    const [array, from, by] = args as [ExpressionNode, ExpressionNode, ExpressionNode]
    const element = elementOf(array, to)
    const { family } = storedInSqlite(element)
    // A number has its form as JSON text, which is not known to be JSON by the name of a column.
    const other = family === 'numeric' || family === 'real' ? 'json("c")' : '"c"'
    const items = `(select json_group_array(case when "value" is "b"${collationOf(element)} then ${other} else "value" end) from json_each("a"))`
    const operands = [
      () => to.visit(array),
      () => writeCompared(from, element, to),
      () => new ElementNode(by, element).write(to),
    ]
    writeWith(operands, '"a" is not null', items, to)
  },
  array_position({ args }, to) {
    const [array, value] = args as [ExpressionNode, ExpressionNode]
    const element = elementOf(array, to)
    to.text('(select min("key") + 1 from json_each(')
    to.visit(array)
    to.text(') where "value" is ')
    writeCompared(value, element, to)
    to.text(`${collationOf(element)})`)
  },
  array_to_string({ args }, to) {
    const [array, separator] = args as [ExpressionNode, ExpressionNode]
    const element = array.type.element as SqlType
    const { family, name } = storedInSqlite(element)
    if (!/^(text|integer|bigint|uuid|date)$/.test(family) && !/^(time$|enum )/.test(name)) {
      throw to.unsupported(
        `array_to_string of elements of type ${element.name}, whose texts the databases write in different forms`,
        'Select the array, and join it in the program.',
      )
    }
    const text = `coalesce((select group_concat("value", "b" order by "id") from ${elementsOf('"a"', array.type)}), '')`
    writeWith([() => to.visit(array), () => to.visit(separator)], BOTH, text, to)
  },
  string_to_array({ args }, to) {
    const [text, separator] = args as [ExpressionNode, ExpressionNode]
    const cut =
      '(with recursive "p" ("part", "rest", "by") as (select null, case when "a" <> \'\' then "a" || "b" end, "b" ' +
      'union all select substr("rest", 1, instr("rest", "by") - 1), ' +
      'nullif(substr("rest", instr("rest", "by") + length("by")), \'\'), "by" from "p" where "rest" is not null) ' +
      'select json_group_array("part") from "p" where "part" is not null)'
    const whole = `case "a" when '' then '[]' else json_array("a") end`
    const parts = `case "b" when '' then ${whole} else ${cut} end`
    writeWith([() => to.visit(text), () => to.visit(separator)], BOTH, parts, to)
  },
}

/** The type of the elements, which must not be arrays: PostgreSQL has no such function either. */
function elementOf(array: ExpressionNode, to: Compiler): SqlType {
  const element = array.type.element as SqlType
  if (!isArray(element)) return element
  throw to.unsupported(
    'function that changes the elements of arrays of arrays',
    'Change them in the program.',
  )
}

/**
 * A comparison with any or all elements of an array. No array is not an empty one: whether a value is in it is not known.
 */
export function writeQuantified(
  node: QuantifiedNode,
  array: ExpressionNode,
  mayBeNull: boolean,
  to: Compiler,
): void {
  const { operator, quantifier } = node
  const element = array.type.element as SqlType
  const operand = collatedBeside(node.operand, new ParameterNode(null, element))
  const value = valueOf('"value"', element)
  const isAny = quantifier === 'any'
  const isIn = operator === (isAny ? 'eq' : 'ne')
  const compare = () => {
    to.operand(operand, Precedence.comparison + 1)
    to.text(`${operatorOf(operator).text}${value}`)
  }
  if (isIn) {
    to.operand(operand, Precedence.comparison + 1)
    to.text(isAny ? ` in (select ${value} from ` : ` not in (select ${value} from `)
  } else {
    requireStable(to, operand, 'a comparison with the elements of an array')
    to.text(isAny ? '(select case when max(' : '(select case when not min(')
    compare()
    to.text(`) then ${isAny} when count(*) > count(`)
    compare()
    to.text(`) then null else ${!isAny} end from `)
  }
  const [before = '', after = ''] = elementsOf('|', array.type).split('|')
  to.text(before)
  if (mayBeNull) to.text('coalesce(')
  if (array.kind === 'namedParameter') (array as NamedParameterNode).writeAt(to, Position.comparison)
  else to.visit(array)
  to.text(mayBeNull ? `, '[null]')${after})` : `${after})`)
}

/** Texts have another order than the arrays and composite values that they stand for. */
export function refuseOrder(type: SqlType, to: Compiler): void {
  const { family, fields } = type
  if (family === 'array') {
    throw to.unsupported(
      'order of arrays',
      'Compare or order by an element: elementAt(…), or arrayLength(…).',
    )
  }
  if (fields !== undefined) {
    throw to.unsupported('order of composite values', 'Compare or order by a field: field(…).')
  }
  const name = family === 'named' ? storedInSqlite(type).name : ''
  if (name === 'interval') {
    throw to.unsupported(
      'order of spans',
      'It keeps them as texts: order rows in the program, or keep the length in seconds in a column of numbers.',
    )
  }
  if (name === 'timetz') {
    throw to.unsupported(
      'order of times with an offset',
      'It keeps them as texts: declare a time() of one zone, or keep the offset in a column of its own.',
    )
  }
}

export function isOrdered({ operator }: BinaryNode): boolean {
  return /^[gl]te?$/.test(operator)
}
