import {
  CastNode,
  type Compiler,
  type ExpressionNode,
  type JsonBuildNode,
  type JsonKeysNode,
  type JsonNode,
  type JsonRemoveNode,
  type JsonSetNode,
  type JsonSteps,
  Precedence,
  requireStable,
  textLiteral,
} from '@espalier/core'

/**
 * A path as SQLite writes it: `$."theme"[0]`. Keys are compared as JSON writes them.
 *
 * See https://sqlite.org/json1.html#path_arguments
 */
export function pathText(steps: JsonSteps): string {
  const texts = steps.map((step) => {
    if (typeof step === 'string') return `.${JSON.stringify(step)}`
    return step < 0 ? `[#${step}]` : `[${step}]`
  })
  return `$${texts.join('')}`
}

export function writeJson({ document, path, form, type }: JsonNode, to: Compiler): void {
  if (form === 'json' && path.length === 0) {
    to.visit(document)
    return
  }
  const way = textLiteral(to, pathText(path))
  const extract = (operator: string) => {
    to.operand(document, Precedence.primary)
    to.text(` ${operator} ${way}`)
  }
  if (form === 'json') extract('->')
  else if (form === 'text') {
    requireStable(to, document, 'the text')
    to.text('case json_type(')
    to.visit(document)
    to.text(`, ${way}) when 'text' then `)
    extract('->>')
    to.text(" when 'null' then null else ")
    extract('->')
    to.text(' end')
  } else if (type.family === 'real') {
    to.text('cast(')
    extract('->>')
    to.text(' as real)')
  } else {
    to.text('(')
    extract('->>')
    to.text(')')
  }
}

/** NULL has no keys and is not told to have none. */
export function writeJsonKeys({ document, keys, quantifier }: JsonKeysNode, to: Compiler): void {
  requireStable(to, document, 'a test for keys')
  to.text('case when ')
  to.operand(document, Precedence.comparison + 1)
  to.text(' is not null then ')
  if (keys.length === 0) to.text(String(quantifier === 'all'))
  for (const [i, key] of keys.entries()) {
    if (i > 0) to.text(quantifier === 'all' ? ' and ' : ' or ')
    to.text('exists (select 1 from json_each(')
    to.visit(document)
    to.text(
      `) where case when typeof("key") = 'text' then "key" when "type" = 'text' then "value" end = ${textLiteral(to, key)})`,
    )
  }
  to.text(' end')
}

export function writeJsonRemove({ document, path }: JsonRemoveNode, to: Compiler): void {
  to.text('json_remove(')
  to.visit(document)
  to.text(`, ${textLiteral(to, pathText(path))})`)
}

/** SQLite makes what is missing on the way to the place, and nothing beyond the end of an array. */
export function writeJsonSet({ document, path, value }: JsonSetNode, to: Compiler): void {
  const parent = path.slice(0, -1)
  const last = path.at(-1) as string | number
  const way = textLiteral(to, pathText(parent))
  if (parent.length > 0 || typeof last === 'number') requireStable(to, document, 'json_set')
  if (parent.length > 0) {
    to.text('case when json_type(')
    to.visit(document)
    to.text(`, ${way}) is null then `)
    to.visit(document)
    to.text(' else ')
  }
  to.text('json_set(')
  to.visit(document)
  to.text(', ')
  if (typeof last === 'string') to.text(textLiteral(to, pathText(path)))
  else {
    to.text('case when json_array_length(')
    to.visit(document)
    to.text(`, ${way}) > ${last} then ${textLiteral(to, pathText(path))} `)
    to.text(`else ${textLiteral(to, `${pathText(parent)}[#]`)} end`)
  }
  to.text(', ')
  writePart(value, to)
  to.text(')')
  if (parent.length > 0) to.text(' end')
}

export function writeJsonBuild({ keys, values }: JsonBuildNode, to: Compiler): void {
  to.text(keys === undefined ? 'json_array(' : 'json_object(')
  for (const [i, value] of values.entries()) {
    if (i > 0) to.text(', ')
    if (keys !== undefined) to.text(`${textLiteral(to, keys[i] as string)}, `)
    writePart(value, to)
  }
  to.text(')')
}

/** A value as a part of a document: a text would be a JSON text, and 1 a number. */
function writePart(value: ExpressionNode, to: Compiler): void {
  const { family } = value.type
  if (family !== 'json' && family !== 'boolean') {
    to.visit(value)
    return
  }
  to.text('json(')
  to.visit(family === 'json' ? value : new CastNode(value, { name: 'text', family: 'text' }))
  to.text(')')
}
