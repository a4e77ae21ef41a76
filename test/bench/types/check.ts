import { execFile } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { cache } from '../harness/bundle.js'
import { type Program, queryCount, tableCount } from './schema.js'

/** What TypeScript's check of a program cost. */
export interface CheckCost {
  readonly instantiations: number
  readonly seconds: number
}

/** How much of a program is there: nothing but its imports, the tables too, or all of it. */
export type Extent = 'imports' | 'tables' | 'queries'

/** `paths` says where packages are found that are not to be taken as an application would take them. */
export async function checkCost(
  contender: string,
  program: Program,
  extent: Extent,
  paths: Readonly<Record<string, readonly string[]>> = {},
): Promise<CheckCost> {
  const folder = `${cache}types-${contender}-${extent}/`
  mkdirSync(folder, { recursive: true })
  writeFileSync(`${folder}schema.ts`, program.schema(extent === 'imports' ? 0 : tableCount))
  writeFileSync(`${folder}queries.ts`, program.queries(extent === 'queries' ? queryCount : 0))
  writeFileSync(`${folder}package.json`, '{ "type": "module" }')
  writeFileSync(
    `${folder}tsconfig.json`,
    JSON.stringify({ compilerOptions: { ...compilerOptions, paths }, files: ['schema.ts', 'queries.ts'] }),
  )
  const output = await run(process.execPath, [tsc, '--project', folder, '--extendedDiagnostics'])
  return { instantiations: figure(output, 'Instantiations'), seconds: figure(output, 'Check time') }
}

const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc')

// Espalier's types are read where an application reads them: from the built declarations.
const compilerOptions = {
  target: 'ES2022',
  lib: ['ES2023', 'ESNext.Disposable'],
  types: [],
  module: 'NodeNext',
  moduleResolution: 'NodeNext',
  strict: true,
  skipLibCheck: true,
  noEmit: true,
}

function run(command: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(command, args, { maxBuffer: 1e8 }, (error, stdout) => {
      if (error === null) resolve(stdout)
      else reject(new Error(`The generated program does not type-check:\n${stdout.slice(0, 3000)}`))
    })
  })
}

function figure(output: string, name: string): number {
  const found = new RegExp(`^${name}:\\s+([\\d.]+)`, 'm').exec(output)
  if (found === null) throw new Error(`TypeScript reports no ${name}`)
  return Number(found[1])
}
