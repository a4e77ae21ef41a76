import { BuildError, excerpt } from '../errors.js'

/**
 * A name as SQL: always in double quotes, with those inside it doubled, so that no name is ever taken for a
 * keyword or for SQL.
 * @example
 * ```ts
 * quoteIdentifier('order') // "order"
 * quoteIdentifier('a"b') // "a""b"
 * ```
 */
export function quoteIdentifier(name: string): string {
  if (typeof name !== 'string' || name === '' || name.includes('\0')) {
    throw new BuildError('invalid_name', `${excerpt(name)} cannot be a name: names are texts, not empty and without NUL.`)
  }
  return `"${name.includes('"') ? name.replaceAll('"', '""') : name}"`
}
