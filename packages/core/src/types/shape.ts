/**
 * How the columns of a result become a row: the number of a column, or an object of shapes. `presence` names the
 * source whose absence (by an outer join) makes the whole object null, and the columns that tell.
 */
export type Shape = number | ObjectShape
/** An object of a row: its keys, and the shape of the value of each. */
export interface ObjectShape {
  readonly keys: readonly string[]
  readonly fields: readonly Shape[]
  readonly presence?: { readonly source: string; readonly columns: readonly number[] }
}
