import {
  CallNode,
  CaseNode,
  type Compiler,
  type ExpressionNode,
  type FunctionNode,
  JSON_TYPE,
  ParameterNode,
  Precedence,
  requireStable,
  storedInSqlite,
  TEXT,
} from '@espalier/core'
import { refuseOrder } from './arrays.js'
import { NUDGE } from './casts.js'

/** Writes a function otherwise than by its name and arguments. */
export type FunctionWriter = (node: FunctionNode, to: Compiler) => void

/** A function as SQL around its arguments: `{0}` stands for the first, and may do so several times. */
function as(template: string): FunctionWriter {
  const [first = '', ...others] = template.split('{')
  const parts = others.map((part) => [Number(part[0]), part.slice(2)] as const)
  const places = parts.map(([argument]) => argument)
  const repeated = new Set(places.filter((argument, i) => places.indexOf(argument) < i))
  return (node, to) => {
    for (const argument of repeated) requireStable(to, node.args[argument] as ExpressionNode, node.name)
    to.text(first)
    for (const [argument, text] of parts) {
      to.operand(node.args[argument] as ExpressionNode, Precedence.primary)
      to.text(text)
    }
  }
}

/** A function that SQLite does not have, and what to do instead. */
function refused(construct: string, instead: string): FunctionWriter {
  return (_node, to) => {
    throw to.unsupported(construct, instead)
  }
}

/** A function whose decimals are brought to the 15 digits that they are read with: 0.1 + 0.2 is stored as a little more. */
function ofDecimal(name: string): FunctionWriter {
  const decimal = as(`case when {0} is not null then ${name}(cast(printf('%.15g', {0}) as real)) end`)
  const plain = as(`${name}({0})`)
  return (node, to) => (storedInSqlite(node.type).family === 'numeric' ? decimal : plain)(node, to)
}

const pad = "substr(replace(hex(zeroblob({1})), '00', {2}), 1, {1} - length({0}))"
const padded = (parts: string) =>
  as(`case when length({0}) >= {1} then substr({0}, 1, {1}) else ${parts} end`)
const regex = 'regular expressions'
const like = 'Match by like(…), or do it in the program.'
const inProgram = 'Do it in the program, on the rows.'

/**
 * The functions that SQLite has under another name, in another form, or not at all, by the name that the tree knows.
 *
 * See https://sqlite.org/lang_corefunc.html
 */
export const sqliteFunctions: ReadonlyMap<string, FunctionWriter> = new Map([
  ['split_part', splitPart],
  ['btrim', as('trim({0}, {1})')],
  ['strpos', as('instr({0}, {1})')],
  ['left', as('substr({0}, 1, {1})')],
  ['right', as('substr({0}, -{1}, {1})')],
  ['repeat', as("replace(hex(zeroblob({1})), '00', {0})")],
  ['lpad', padded(`${pad} || {0}`)],
  ['rpad', padded(`{0} || ${pad}`)],
  [
    'reverse',
    as(
      '(with recursive "p" ("rest", "out") as (select {0}, \'\' union all ' +
        'select substr("rest", 2), substr("rest", 1, 1) || "out" from "p" where "rest" <> \'\') ' +
        'select "out" from "p" where "rest" = \'\')',
    ),
  ],
  ['concat', concat],
  ['concat_ws', concatWithSeparator],
  ['ascii', as("case {0} when '' then 0 else unicode({0}) end")],
  ['chr', as('case when {0} is not null then char({0}) end')],
  ['octet_length', as('length(cast({0} as blob))')],
  [
    'initcap',
    refused('initcap', 'Write upper(left(x, 1)).concat(lower(substring(x, 2))) for a single word.'),
  ],
  ['translate', refused('translate', 'Write replace(…) for each character.')],
  ['substring', refused(regex, like)],
  ['regexp_replace', refused(regex, like)],

  ['round', round],
  ['ceil', ofDecimal('ceil')],
  ['floor', ofDecimal('floor')],
  ['trunc', ofDecimal('trunc')],
  // Of the 64 bits that SQLite gives, as many as a floating-point number holds.
  ['random', as('((random() & 9007199254740991) / 9007199254740992.0)')],
  ['greatest', extreme('max')],
  ['least', extreme('min')],

  ['jsonb_array_length', as('json_array_length({0})')],
  [
    'jsonb_typeof',
    as(
      "case json_type({0}) when 'text' then 'string' when 'integer' then 'number' when 'real' then 'number' " +
        "when 'true' then 'boolean' when 'false' then 'boolean' else json_type({0}) end",
    ),
  ],

  ['now', as("strftime('%Y-%m-%dT%H:%M:%fZ', 'now')")],
  [
    'make_date',
    as(
      '(select case when date("day") = "day" and "day" > \'0001\' then "day" end from ' +
        '(select printf(\'%04d-%02d-%02d\', {0}, {1}, {2}) as "day"))',
    ),
  ],
])

const statistics = 'statistical aggregates'
const ordered = 'aggregates within group'
const orderedInstead =
  'Select the values in their order and take one, by limit(1) and offset(…) or in the program.'

/** The aggregates that SQLite has under another name (given as a text), or refuses. */
export const sqliteAggregates: ReadonlyMap<string, string | readonly [construct: string, instead: string]> =
  new Map<string, string | readonly [string, string]>([
    ['bool_and', 'min'],
    ['bool_or', 'max'],
    ['string_agg', 'group_concat'],
    ...['percentile_cont', 'percentile_disc', 'mode'].map(
      (name) => [name, [`${name} (${ordered})`, orderedInstead]] as const,
    ),
    ...[
      ...['stddev_samp', 'stddev_pop', 'var_samp', 'var_pop', 'corr', 'covar_samp', 'covar_pop'],
      ...['regr_slope', 'regr_intercept', 'regr_r2'],
    ].map((name) => [name, [`${name} (${statistics})`, inProgram]] as const),
  ])

function round(node: FunctionNode, to: Compiler): void {
  const [number, digits] = node.args as [ExpressionNode, ExpressionNode]
  to.text('round(')
  if (storedInSqlite(node.type).family === 'numeric') {
    to.operand(number, Precedence.multiplicative)
    to.text(NUDGE)
  } else to.visit(number)
  to.text(', ')
  to.visit(digits)
  to.text(')')
}

function splitPart(node: FunctionNode, to: Compiler): void {
  const [text, separator, field] = node.args as [ExpressionNode, ExpressionNode, ExpressionNode]
  requireStable(to, text, 'split_part')
  to.text('coalesce((with recursive "p" ("rest", "sep", "n", "part") as (select ')
  to.operand(text, Precedence.primary)
  to.text(' || ')
  to.visit(separator)
  to.text(', ')
  to.visit(separator)
  to.text(', ')
  to.visit(field)
  to.text(
    ', null union all select substr("rest", instr("rest", "sep") + length("sep")), "sep", "n" - 1, ' +
      'substr("rest", 1, instr("rest", "sep") - 1) from "p" where "n" > 0 and "rest" <> \'\') ' +
      'select "part" from "p" where "n" = 0), substr(',
  )
  to.visit(text)
  to.text(', 1, 0))')
}

/** PostgreSQL's `concat` leaves NULL out; `||` does not. */
function concat({ args }: FunctionNode, to: Compiler): void {
  for (const [i, arg] of args.entries()) {
    to.text(i === 0 ? '(coalesce(' : ' || coalesce(')
    to.visit(arg)
    to.text(", '')")
  }
  to.text(')')
}

/** A separator before each text that is not NULL, of which the first is cut off. */
function concatWithSeparator({ args }: FunctionNode, to: Compiler): void {
  const [separator, ...texts] = args as [ExpressionNode, ...ExpressionNode[]]
  for (const [i, text] of texts.entries()) {
    to.text(i === 0 ? 'substr(coalesce(' : ' || coalesce(')
    to.visit(separator)
    to.text(' || ')
    to.operand(text, Precedence.primary)
    to.text(", '')")
  }
  to.text(', length(')
  to.visit(separator)
  to.text(') + 1)')
}

/** SQLite's `max(a, b)` is NULL if one of them is; each gives way to the others, so that it is so only if all are. */
function extreme(name: string): FunctionWriter {
  return (node, to) => {
    const { args } = node
    refuseOrder(node.type, to)
    to.text(`${name}(`)
    for (const [i, arg] of args.entries()) {
      requireStable(to, arg, node.name)
      if (i > 0) to.text(', ')
      if (arg.kind === 'parameter') to.visit(arg)
      else {
        to.text('coalesce(')
        to.list([...args.slice(i), ...args.slice(0, i)])
        to.text(')')
      }
    }
    to.text(')')
  }
}

/** A value as an element of JSON: SQLite keeps JSON as a text, and booleans as numbers. */
export function inJson(node: ExpressionNode): ExpressionNode {
  const { family } = node.type
  if (family === 'json') return new CallNode('json', [node], JSON_TYPE)
  if (family !== 'boolean') return node
  const texts = ['true', 'false'].map((text) => new ParameterNode(text, TEXT))
  return new CallNode('json', [new CaseNode([node, node.opposite()], texts, undefined, TEXT)], JSON_TYPE)
}
