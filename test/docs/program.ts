import { execFile } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { type Block, placeOf } from './blocks.js'
import type { Surroundings } from './surroundings.js'

/** An example taken apart: its imports, and the rest as the body of a function. */
export interface Parsed {
  readonly block: Block
  readonly imports: readonly ts.ImportDeclaration[]
  /** The code with imports and the word `export` blanked, every line where it was. */
  readonly body: string
  /** Names that the code mentions anywhere. */
  readonly names: ReadonlySet<string>
  readonly source: ts.SourceFile
}

export function parse(block: Block): Parsed {
  const source = ts.createSourceFile('example.ts', block.code, ts.ScriptTarget.ES2022, true)
  const imports = source.statements.filter(ts.isImportDeclaration)
  let body = block.code
  const blank = (from: number, to: number, text = '') => {
    const old = body.slice(from, to)
    body = body.slice(0, from) + text + old.slice(text.length).replace(/[^\n]/g, ' ') + body.slice(to)
  }
  for (const statement of imports) blank(statement.getStart(), statement.end)
  for (const statement of source.statements) {
    if (ts.isExportAssignment(statement)) blank(statement.getStart(), statement.expression.getStart(), 'void')
    if (!ts.canHaveModifiers(statement)) continue
    for (const modifier of ts.getModifiers(statement) ?? [])
      if (modifier.kind === ts.SyntaxKind.ExportKeyword) blank(modifier.getStart(), modifier.end)
  }
  const names = new Set<string>()
  const visit = (node: ts.Node) => {
    if (ts.isIdentifier(node)) names.add(node.text)
    ts.forEachChild(node, visit)
  }
  for (const statement of source.statements) if (!ts.isImportDeclaration(statement)) visit(statement)
  return { block, imports, body, names, source }
}

/** Names that an example takes from its surroundings, by module. */
export function takenFrom(surroundings: Surroundings, { imports, names }: Parsed): Map<string, string[]> {
  const taken = new Set(imports.flatMap((declaration) => importedNames(declaration).map(([local]) => local)))
  const result = new Map<string, string[]>()
  for (const [module, exports] of surroundings) {
    const some = [...names].filter((name) => exports.has(name) && !taken.has(name))
    for (const name of some) taken.add(name)
    if (some.length > 0) result.set(module, some)
  }
  return result
}

/** The names of an import declaration: as the program calls them, and as their module does. */
export function importedNames(declaration: ts.ImportDeclaration): [local: string, exported: string][] {
  const bindings = declaration.importClause?.namedBindings
  if (bindings === undefined) return []
  if (ts.isNamespaceImport(bindings)) return [[bindings.name.text, '*']]
  return bindings.elements.map((element) => [element.name.text, (element.propertyName ?? element.name).text])
}

// Inside `test`, so that packages are found from there; of its own for each process, since tests run side by side.
const folder = fileURLToPath(new URL(`../node_modules/.cache/docs-${process.pid}/`, import.meta.url))
const preamble = fileURLToPath(new URL('./preamble.ts', import.meta.url))

/** The messages of TypeScript 7 to all examples, each with its place; one program, so that they are checked quickly. */
export async function typeErrors(
  parsed: readonly Parsed[],
  surroundingsOf: (block: Block) => Surroundings,
): Promise<string[]> {
  mkdirSync(folder, { recursive: true })
  parsed.forEach((one, i) => {
    writeFileSync(`${folder}${i}.ts`, moduleText(one, surroundingsOf(one.block)))
  })
  writeFileSync(`${folder}tsconfig.json`, JSON.stringify(settings))
  const tsc = createRequire(import.meta.url)
    .resolve('typescript-7/package.json')
    .replace('package.json', 'bin/tsc')
  const output = await new Promise<string>((resolve) => {
    execFile(
      process.execPath,
      [tsc, '-p', folder, '--pretty', 'false'],
      { maxBuffer: 1e8 },
      (_e, stdout, stderr) => resolve(stdout + stderr),
    )
  })
  rmSync(folder, { recursive: true })
  // A line that does not begin with the place of an error goes on with the message before it.
  return output
    .trim()
    .split(/\n(?=\S)/)
    .filter((message) => message !== '')
    .map((message) =>
      message.replace(/^.*?(\d+)\.ts\((\d+),\d+\)/, (_all, file, line) =>
        placeOf(parsed[Number(file)]!.block, Number(line) - HEADER_LINES - 1),
      ),
    )
}

const HEADER_LINES = 2

function moduleText(parsed: Parsed, surroundings: Surroundings): string {
  const taken = [...takenFrom(surroundings, parsed)].map(
    ([module, names]) => `import { ${names.join(', ')} } from '${module === 'preamble' ? preamble : module}'`,
  )
  const own = parsed.imports.map((declaration) => declaration.getText().replace(/\s+/g, ' '))
  return [
    [...taken, ...own].join('; '),
    `export async function example(db: import('@espalier/core').Database) { db; {`,
    parsed.body,
    '}}',
  ].join('\n')
}

const settings = {
  extends: '../../../tsconfig.json',
  compilerOptions: {
    allowImportingTsExtensions: true,
    noUnusedLocals: false,
    noUnusedParameters: false,
    verbatimModuleSyntax: false,
  },
  include: ['*.ts'],
}
