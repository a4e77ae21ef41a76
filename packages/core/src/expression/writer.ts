import type { UnsupportedError } from '../errors.js'
import type { Node } from '../tree/node.js'
import type { Codec } from '../types/codec.js'
import type { SqlWriter } from '../types/dialect.js'
import type { SqlType } from '../types/sql-type.js'
import type { Place } from './place.js'

/** Where a parameter stands, from what says least about its type to what says most. */
export const Position = {
  /** Nothing around it says what it is. */
  free: 0,
  /** Computed with a value of its own type. */
  operand: 1,
  /** Compared with a value of its own type. */
  comparison: 2,
  /** Stored in a column. */
  assignment: 3,
} as const

/** An expression, as far as writing it asks. */
export interface WrittenExpression extends Node {
  readonly type: SqlType
  readonly precedence: number
}

/** The sources whose columns may be written at a place; see `Scope`. */
export interface WrittenScope {
  readonly outer: WrittenScope | undefined
  /** What was computed over the rows here, which then cannot be locked. */
  computed?: 'an aggregate' | 'a window' | undefined
}

/** A named parameter's place among the parameters. */
export interface NamedSlot {
  readonly index: number
  readonly name: string
  readonly type: SqlType
  readonly nullable: boolean
  /** How the value is encoded at this place, where the type alone does not say. */
  readonly encode?: ((value: unknown) => unknown) | undefined
}

/** What goes in front of a statement and is known only once the statement is written: its WITH. */
export interface Preamble {
  /** Refuses a table that would be taken for something in the preamble. */
  checkTable(table: Node & { readonly name: string }): void
  /** Writes itself in front of the statement. */
  finish(to: Writer, statement: Node): void
}

/** A node that writes itself. */
export interface WrittenNode extends Node {
  /** Adds the SQL of this node to `the text, and its values to `to.params`. */
  write(to: Writer): void
}

/** A node of which some text stands elsewhere, such as a CTE in front of its statement. */
export interface WritesAside {
  /** Writes that text. */
  writeAside(to: Writer): void
}

/**
 * What a node is written to: one text that grows, one list of parameters, and the means to write what stands inside.
 * Statements, sources and expressions are written by {@link visit}, so that a dialect's own way to write a kind is found;
 * the parts of a statement, such as its joins and clauses, by the statement itself.
 */
export interface Writer {
  readonly dialect: SqlWriter
  params: unknown[]
  named: NamedSlot[] | undefined
  /** The sources whose columns may be written here. */
  scope: WrittenScope | undefined
  preamble: Preamble | undefined
  /** Where in its statement this is. */
  place: Place
  /**
   * Whether equal values are one parameter, if parameters have numbers: where the database compares expressions as they
   * are written, such as what is selected with what is grouped by.
   */
  sharing: boolean
  /** Whether values are written as literals. */
  inline: boolean
  /** Whether placeholders have no numbers, so that parameters must stand in the order of the text. */
  readonly positional: boolean

  /** Adds SQL to the text. */
  text(piece: string): void
  /** Whether there is any text yet. */
  readonly hasText: boolean
  /** The text that a node writes aside, instead of adding it. */
  aside(node: WritesAside): string

  /** Writes a node: as the dialect writes its kind, or as it writes itself. */
  visit(node: Node): void
  /** Writes nodes with commas between. */
  list(nodes: readonly Node[]): void
  /** Writes a query inside an expression: it sees the sources around it. */
  nested(query: Node): void
  /** Writes an operand, in parentheses where it binds less tightly than asked. */
  operand(node: WrittenExpression, least: number): void
  /** Writes one side of an operator: a value beside an expression of its own type needs no type stated. */
  side(node: WrittenExpression, other: WrittenExpression, least: number, position: number): void
  /** Writes what is grouped by or computed over; a value is not written bare, since a number would mean a position. */
  key(node: WrittenExpression): void
  /** Writes a list for `order by`. */
  orderings(nodes: readonly Node[]): void
  /** Writes a new value for a column. */
  assigned(node: WrittenExpression, column: WrittenExpression): void
  /** Writes a value as a placeholder or, in a script, as a literal. `near` names the column in an error. */
  value(value: unknown, type: SqlType, position: number, near?: Node): void
  /** Adds an encoded value, or a place for one that has a name, to the parameters, and its placeholder to the text. */
  placeholder(encoded: unknown, type: SqlType, position: number, name?: string): void
  /** The placeholder of a parameter by its number, from 1 on. */
  placeholderAt(number: number): string
  /** How the dialect carries values of a type; an error if it has no such type. */
  codec(type: SqlType): Codec
  /** The error for what the database does not have. */
  unsupported(construct: string, instead: string): UnsupportedError
}
