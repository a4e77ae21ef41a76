import { CompileError } from '../errors.js'
import type { Writer } from '../expression/writer.js'

/** The names of constraints and indexes that state none; each function is given the table and its columns. */
export interface NamingConvention {
  readonly primaryKey: (table: string, columns: readonly string[]) => string
  readonly unique: (table: string, columns: readonly string[]) => string
  readonly foreignKey: (table: string, columns: readonly string[], target: string) => string
  readonly check: (table: string, columns: readonly string[]) => string
  readonly exclude: (table: string, columns: readonly string[]) => string
  readonly index: (table: string, columns: readonly string[]) => string
}

const joined = (suffix: string) => (table: string, columns: readonly string[]) =>
  [table, ...columns, suffix].join('_')

/** PostgreSQL's own convention, used for every database: `users_email_key`, `users_org_id_fkey`, … */
export const defaultNaming: NamingConvention = {
  primaryKey: (table) => `${table}_pkey`,
  unique: /* @__PURE__ */ joined('key'),
  foreignKey: /* @__PURE__ */ joined('fkey'),
  check: /* @__PURE__ */ joined('check'),
  exclude: /* @__PURE__ */ joined('excl'),
  index: /* @__PURE__ */ joined('idx'),
}

const none = () => ''

/** No names for constraints, so that the database gives those that it gives by itself; SQLite gives none. */
export const noNaming: NamingConvention = /* @__PURE__ */ Object.assign({}, defaultNaming, {
  primaryKey: none,
  unique: none,
  foreignKey: none,
  check: none,
  exclude: none,
})

const LONGEST = 63

/**
 * A name that PostgreSQL keeps whole: one of more than 63 bytes is cut and ends in a hash of the whole, so that
 * two long names stay two.
 */
export function limitName(name: string): string {
  if (byteLength(name) <= LONGEST) return name
  let kept = name.slice(0, LONGEST - 9)
  while (byteLength(kept) > LONGEST - 9) kept = kept.slice(0, -1)
  if (/[\ud800-\udbff]$/.test(kept)) kept = kept.slice(0, -1)
  return `${kept}_${hash(name)}`
}

/** The number of bytes of a text in UTF-8. */
export function byteLength(text: string): number {
  let bytes = 0
  for (const character of text) {
    const code = character.codePointAt(0) as number
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
  }
  return bytes
}

/** Refuses a name that the database would cut. */
export function checkName({ dialect }: Writer, name: string): void {
  const { maxNameBytes } = dialect
  if (byteLength(name) <= maxNameBytes) return
  throw new CompileError(
    'name_too_long',
    `${dialect.name} keeps ${maxNameBytes} bytes of a name and cuts the rest; "${name}" has ${byteLength(name)}. Choose a shorter one.`,
  )
}

/** FNV-1a over UTF-16 units: eight hexadecimal digits. */
function hash(text: string): string {
  let value = 0x811c9dc5
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193)
  return (value >>> 0).toString(16).padStart(8, '0')
}

/** How a column is named that states only its key in the program. */
export type ColumnNames = 'as is' | 'snake_case'

/** `createdAt` as `created_at`. */
export function snakeCase(key: string): string {
  return key
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
    .toLowerCase()
}
