import { fileURLToPath } from 'node:url'
import ts from 'typescript'

/** The files behind the published names of the packages. */
const entries: Readonly<Record<string, string>> = {
  '@espalier/core': 'core/src/index.ts',
  '@espalier/core/opentelemetry': 'core/src/opentelemetry/index.ts',
  '@espalier/core/zod': 'core/src/zod/index.ts',
  '@espalier/dialects': 'dialects/src/index.ts',
  '@espalier/dialects/postgres': 'dialects/src/postgres/index.ts',
  '@espalier/dialects/postgres/inspect': 'dialects/src/postgres/inspect/index.ts',
  '@espalier/dialects/sqlite': 'dialects/src/sqlite/index.ts',
  '@espalier/dialects/sqlite/inspect': 'dialects/src/sqlite/inspect/index.ts',
  '@espalier/dialects/pglite': 'dialects/src/pglite/index.ts',
  '@espalier/dialects/conformance': 'dialects/src/conformance/index.ts',
  '@espalier/migrate': 'migrate/src/index.ts',
  '@espalier/migrate/cli': 'migrate/src/cli/index.ts',
  '@espalier/migrate/testing': 'migrate/src/testing/index.ts',
}
const path = (file: string) => fileURLToPath(new URL(`../../${file}`, import.meta.url))

let program: ts.Program | undefined
function theProgram(): ts.Program {
  if (program !== undefined) return program
  const config = ts.readConfigFile(path('test/tsconfig.json'), ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, path('test'))
  program = ts.createProgram(
    Object.values(entries).map((file) => path(`packages/${file}`)),
    options,
  )
  return program
}

/** What a module of the packages exports, types included: by its published name, or by the path of its file. */
function exportedSymbols(module: string): ts.Symbol[] {
  const checker = theProgram().getTypeChecker()
  const entry = entries[module]
  const file = theProgram().getSourceFile(entry === undefined ? module : path(`packages/${entry}`))
  const symbol = file && checker.getSymbolAtLocation(file)
  return symbol === undefined ? [] : checker.getExportsOfModule(symbol)
}

export function exportedNames(module: string): string[] {
  return exportedSymbols(module).map(({ name }) => name)
}

/** Public names, and methods of public interfaces, that have no doc comment: with their places. */
export function undocumented(): string[] {
  const missing = new Set<string>()
  for (const exported of Object.keys(entries).flatMap(exportedSymbols)) {
    const checker = theProgram().getTypeChecker()
    const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported
    const check = (one: ts.Symbol, name: string) => {
      if (one.getDocumentationComment(checker).length === 0) missing.add(`${placeOf(one)}: ${name}`)
    }
    check(symbol, symbol.name)
    if ((symbol.flags & ts.SymbolFlags.Interface) === 0) continue
    for (const member of symbol.members?.values() ?? [])
      if (member.flags & ts.SymbolFlags.Method && !member.name.startsWith('__'))
        check(member, `${symbol.name}.${member.name}`)
  }
  return [...missing].sort()
}

function placeOf(symbol: ts.Symbol): string {
  const declaration = symbol.declarations?.[0]
  if (declaration === undefined) return '?'
  const file = declaration.getSourceFile()
  const { line } = file.getLineAndCharacterOfPosition(declaration.getStart())
  return `${file.fileName.slice(path('').length)}:${line + 1}`
}
