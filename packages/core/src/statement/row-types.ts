import type { RowOfColumns } from '../expression/source.js'
import type { ColumnBuilder, HasDefault } from '../schema/column.js'
import type { AnyTable } from '../schema/table.js'
import type { Family } from '../types/sql-type.js'
import type { LeftToTheDatabase, RequiredKeys } from './writes.js'

/**
 * The rows of a statement, or of a table, an alias, a subquery or a CTE.
 * @example
 * ```ts
 * const shown = select({ id: users.id, name: users.fullName }).from(users)
 * type Shown = RowOf<typeof shown> // { id: bigint; name: string | null }
 * type Org = RowOf<typeof orgs> // { id: number; name: string }
 * const org: Org = await db.one(select(orgs).from(orgs).limit(1))
 * ```
 */
export type RowOf<T extends { readonly '~row': unknown } | { readonly '~columns': unknown }> = T extends {
  readonly '~row': infer R
}
  ? R
  : T extends { readonly '~columns': infer C }
    ? RowOfColumns<C>
    : never

/**
 * The values of a row to insert into a table. Columns that are nullable, have a default or are numbered may be left out;
 * one that the database numbers always must be.
 * @example
 * ```ts
 * const org: InsertOf<typeof orgs> = { name: 'Initech' } // { id?: number; name: string }
 * await db.run(insert(orgs).values(org))
 * ```
 */
export type InsertOf<T extends AnyTable> = InsertOfColumns<T['~columns']>

/**
 * The new values that an update may give a row of a table: any of its columns, but none that the database numbers always.
 * @example
 * ```ts
 * const change: UpdateOf<typeof orgs> = { name: 'Initech' } // { id?: number; name?: string }
 * await db.run(update(orgs).set(change).where(orgs.id.eq(1)))
 * ```
 */
export type UpdateOf<T extends AnyTable> = UpdateOfColumns<T['~columns']>

/** {@link InsertOf} of the columns of a table. */
export type InsertOfColumns<C> = Flat<
  { -readonly [K in RequiredKeys<C>]: GivenValue<C[K]> } & {
    -readonly [K in Exclude<keyof C, RequiredKeys<C>>]?: GivenValue<C[K]>
  }
>

/** {@link UpdateOf} of the columns of a table. */
export type UpdateOfColumns<C> = { -readonly [K in keyof C]?: GivenValue<C[K]> }

type GivenValue<B> =
  B extends ColumnBuilder<infer V, Family, infer D extends HasDefault>
    ? D extends 'always'
      ? LeftToTheDatabase
      : V
    : never

type Flat<T> = { [K in keyof T]: T[K] }
