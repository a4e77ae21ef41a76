import type { Database } from '@espalier/core'
import ts from 'typescript'
import { type Block, placeOf } from './blocks.js'
import { importedNames, type Parsed, takenFrom } from './program.js'
import type { Surroundings } from './surroundings.js'
import { checkComment } from './verify.js'

/** What an example is run with: the modules that it may import, by name. */
export type Modules = ReadonlyMap<string, Readonly<Record<string, unknown>>>

/** Runs an example on a database; an error begins with the place where it happened. */
export async function runExample(
  parsed: Parsed,
  surroundingsOf: (block: Block) => Surroundings,
  modules: Modules,
  db: Database,
): Promise<void> {
  const scope = await scopeOf(parsed, surroundingsOf(parsed.block), modules)
  scope.set('db', db)
  const standing = standingExpressions(parsed)
  let line = parsed.block.before
  scope.set('__at', (number: number) => {
    line = number
  })
  scope.set('__check', async (i: number, value: unknown) => {
    await checkComment(value, standing[i]!.comment, db)
  })
  const code = ts.transpile(instrumented(parsed, standing), {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
  })
  try {
    await new AsyncFunction(...scope.keys(), `'use strict';{${code}\n}`)(...scope.values())
  } catch (error) {
    const { name, message } = error as Error
    throw new Error(`${placeOf(parsed.block, line)}: ${name === 'Error' ? '' : `${name}: `}${message}`, {
      cause: error,
    })
  }
}

const AsyncFunction = (async () => {}).constructor as new (
  ...parts: string[]
) => (...args: unknown[]) => Promise<void>

async function scopeOf(
  parsed: Parsed,
  surroundings: Surroundings,
  modules: Modules,
): Promise<Map<string, unknown>> {
  const scope = new Map<string, unknown>()
  for (const [module, names] of takenFrom(surroundings, parsed)) {
    // A module that is not among the published ones is the file of the example itself.
    const exports = modules.get(module) ?? ((await import(module)) as Readonly<Record<string, unknown>>)
    for (const name of names) scope.set(name, exports[name])
  }
  for (const declaration of parsed.imports) {
    const module = modules.get((declaration.moduleSpecifier as ts.StringLiteral).text)
    for (const [local, exported] of importedNames(declaration))
      scope.set(local, exported === '*' ? module : module?.[exported])
  }
  return scope
}

/** An expression that stands alone as a statement, and the comment behind it. */
interface Standing {
  readonly expression: ts.Expression
  readonly comment: string
}

function standingExpressions({ source, block }: Parsed): Standing[] {
  return source.statements
    .filter(ts.isExpressionStatement)
    .filter(({ expression }) => lineOf(source, expression) >= block.before)
    .map(({ expression, end }) => ({ expression, comment: commentBehind(block, end) }))
}

/** The comment on the rest of the line and on the lines below that hold nothing else. */
function commentBehind({ code }: Block, end: number): string {
  const [rest, ...below] = code.slice(end).split('\n')
  const lines = [/^\s*;?\s*\/\/(.*)$/.exec(rest!)?.[1]]
  if (rest!.trim() === '' || lines[0] !== undefined)
    for (const line of below) {
      const comment = /^\s*\/\/(.*)$/.exec(line)
      if (comment === null) break
      lines.push(comment[1])
    }
  return lines
    .filter((line) => line !== undefined)
    .map((line) => line.trim())
    .join('\n')
}

function lineOf(source: ts.SourceFile, node: ts.Node): number {
  return source.getLineAndCharacterOfPosition(node.getStart()).line
}

/** The code that says where it is before each statement, and hands over each standing expression. */
function instrumented({ source, body, block }: Parsed, standing: readonly Standing[]): string {
  const insertions: [at: number, text: string][] = []
  for (const statement of source.statements)
    if (!ts.isImportDeclaration(statement) && lineOf(source, statement) >= block.before)
      insertions.push([statement.getStart(), `__at(${lineOf(source, statement)});`])
  standing.forEach(({ expression }, i) => {
    insertions.push([expression.getStart(), `await __check(${i}, `], [expression.end, ')'])
  })
  let code = body
  // From the back, so that positions stay true; of two at one place the one that comes first is put in last.
  for (const [at, text] of insertions.reverse().sort((a, b) => b[0] - a[0]))
    code = code.slice(0, at) + text + code.slice(at)
  return code
}
