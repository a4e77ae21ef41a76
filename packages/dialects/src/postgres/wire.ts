/**
 * Encoded parameters as PostgreSQL's text format: what both drivers send. A new array, since it is read when the
 * statement is sent, which may be later. PostgreSQL ignores the zone of a text that is a timestamp without one.
 * https://www.postgresql.org/docs/current/datatype-datetime.html#DATATYPE-DATETIME-INPUT-TIMESTAMPS
 */
export function wireTexts(params: readonly unknown[]): (string | null)[] {
  const texts = new Array<string | null>(params.length)
  for (let i = 0; i < params.length; i++) {
    const value = params[i]
    texts[i] = value === null ? null : wireText(value)
  }
  return texts
}

/** One encoded value as PostgreSQL's text. */
export function wireText(value: unknown): string {
  if (typeof value === 'string') return value
  return value instanceof Date ? value.toISOString() : String(value)
}
