/** A parameter that a statement has and that a prepared statement is given by name. */
export interface Unbound<out Name extends string, out V> {
  readonly parameter: Name
  readonly value: V
}

/** What an expression reads: names of sources, and parameters that are still to be given. */
export type Reads = string | Unbound<string, unknown>
