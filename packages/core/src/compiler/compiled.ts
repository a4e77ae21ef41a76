import type { SqlType } from '../types/sql-type.js'

/** A named parameter's place among the parameters. */
export interface NamedSlot {
  readonly index: number
  readonly name: string
  readonly type: SqlType
  readonly nullable: boolean
  /** How the value is encoded at this place, where the type alone does not say. */
  readonly encode?: ((value: unknown) => unknown) | undefined
}

/** A statement in SQL: the text, its parameters as the driver takes them, and the places of the named ones. */
export interface Compiled {
  readonly sql: string
  /** Encoded values; undefined at the places of named parameters. Never changed: copy it to bind. */
  readonly params: readonly unknown[]
  readonly named: readonly NamedSlot[]
  /** How it is run, remembered by the executor. */
  plan?: unknown
}
