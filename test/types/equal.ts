/** Whether two types are the same: not merely assignable to each other. */
export type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false

/** Checked by the compiler alone: `exactly<RowOf<typeof query>, { id: bigint }>(true)`. */
export declare function exactly<A, B>(same: Equal<A, B>): void

/** The type of a row, an expression's value, or a source's row, of something that was built. */
export type ValueOf<E extends { readonly '~value': unknown }> = E['~value']
