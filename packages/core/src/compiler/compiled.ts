import type { NamedSlot } from '../expression/writer.js'
import type { SqlWriter } from '../types/dialect.js'

/** A statement in SQL: the text, its parameters as the driver takes them, and the places of the named ones. */
export interface Compiled {
  readonly sql: string
  /** Encoded values; undefined at the places of named parameters. Never changed: copy it to bind. */
  readonly params: readonly unknown[]
  readonly named: readonly NamedSlot[]
  /** How it is run, remembered by the executor. */
  plan: unknown
  readonly dialect: SqlWriter
  /** The same statement, compiled for another dialect before. */
  next: Compiled | undefined
}
