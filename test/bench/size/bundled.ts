import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import type { ContenderName } from '../harness/measurement.js'

/** Every database driver that a package may ask for: none of them is the query builder's weight. */
const drivers = [
  'better-sqlite3',
  'mariadb',
  'mysql',
  'mysql2',
  'oracledb',
  'pg',
  'pg-native',
  'pg-query-stream',
  'postgres',
  'sqlite3',
  'tedious',
]

/** Bytes of a program that compiles one select for PostgreSQL: bundled, minified, and packed by gzip. */
export async function bundledBytes(contender: ContenderName): Promise<number> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(`programs/${contender}.ts`, import.meta.url))],
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    platform: 'node',
    external: drivers,
    // The paths of tsconfig.json lead to the sources of Espalier; measured is what is built.
    tsconfigRaw: {},
    logLevel: 'error',
  })
  return gzipSync(outputFiles[0]!.contents, { level: 9 }).length
}
