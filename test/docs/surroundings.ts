import { fileURLToPath } from 'node:url'
import type { Block } from './blocks.js'
import * as preamble from './preamble.js'
import { exportedNames } from './surface.js'

/** What an example may use without importing it: names by module, of which the first that has a name gives it. */
export type Surroundings = ReadonlyMap<string, ReadonlySet<string>>

const path = (file: string) => fileURLToPath(new URL(`../../${file}`, import.meta.url))

const published = [
  '@espalier/core',
  '@espalier/core/opentelemetry',
  '@espalier/core/zod',
  '@espalier/dialects/postgres',
  '@espalier/dialects/sqlite',
  '@espalier/dialects/sqlite/inspect',
  '@espalier/dialects/pglite',
  '@espalier/dialects/conformance',
  '@espalier/migrate',
  '@espalier/migrate/cli',
  '@espalier/migrate/testing',
]

/** The exports of its own file, where it is in a source; the preamble; the packages, its own before the others. */
export function surroundingsOf({ file }: Block): Surroundings {
  const own = /^packages\/(\w+)\//.exec(file)?.[1]
  const packages = published.filter((name) => name.startsWith(`@espalier/${own}`))
  const modules = new Map<string, ReadonlySet<string>>()
  if (file.endsWith('.ts')) modules.set(path(file), namesOf(path(file)))
  modules.set('preamble', new Set(Object.keys(preamble)))
  for (const module of [...packages, ...published]) modules.set(module, namesOf(module))
  return packages.length > 0 ? modules : withoutAmbiguous(modules)
}

/** On a page, a name that two modules export is nobody's: the example says by an import which one it means. */
function withoutAmbiguous(modules: Surroundings): Surroundings {
  const all = [...modules.values()].flatMap((names) => [...names])
  const ambiguous = new Set(all.filter((name, i) => all.indexOf(name) !== i && !(name in preamble)))
  return new Map(
    [...modules].map(([module, names]) => [
      module,
      new Set([...names].filter((name) => !ambiguous.has(name))),
    ]),
  )
}

const known = new Map<string, ReadonlySet<string>>()
function namesOf(module: string): ReadonlySet<string> {
  const names = known.get(module) ?? new Set(exportedNames(module))
  known.set(module, names)
  return names
}
