import type { CatalogDeferrable, ReferentialAction, SqliteConflict } from '@espalier/core'
import type { TokenList } from './token.js'

/** A part of a statement: the tokens from `first` up to `end`, which is no longer of it. */
export interface Part {
  readonly first: number
  readonly end: number
}

/** A name as it is meant, without its quotes. */
export interface NamePart extends Part {
  readonly name: string
}

/** An expression, a query, or anything else that is kept as it is written. */
export interface SourcePart extends Part {
  readonly source: string
}

/** What is the same for all constraints: the name, and what happens to a row that is refused, where it is stated. */
interface ConstraintPartBase extends Part {
  readonly name?: NamePart | undefined
  readonly onConflict?: SqliteConflict | 'abort' | undefined
}

/** A column of a key or an index. */
export interface KeyPart extends Part {
  /** What is indexed, without its collation; a column, or undefined for an expression. */
  readonly column?: string | undefined
  readonly expression: SourcePart
  readonly collation?: string | undefined
  readonly order?: 'asc' | 'desc' | undefined
  readonly nulls?: 'first' | 'last' | undefined
}

/** What a foreign key refers to, and its options. */
export interface ReferencePart extends Part {
  readonly table: NamePart
  /** Empty where it names none. */
  readonly columns: readonly NamePart[]
  readonly onDelete?: ReferentialAction | undefined
  readonly onUpdate?: ReferentialAction | undefined
  readonly match?: string | undefined
}

/** A constraint or an option of a column. */
export type ColumnConstraintPart = ConstraintPartBase &
  (
    | {
        readonly kind: 'primary key'
        readonly order?: 'asc' | 'desc' | undefined
        readonly autoincrement: boolean
      }
    | { readonly kind: 'not null' }
    | { readonly kind: 'null' }
    | { readonly kind: 'unique' }
    | { readonly kind: 'check'; readonly expression: SourcePart }
    | {
        readonly kind: 'default'
        readonly value: SourcePart
        readonly form: 'expression' | 'literal' | 'name'
      }
    | { readonly kind: 'collate'; readonly collation: NamePart }
    | { readonly kind: 'references'; readonly reference: ReferencePart }
    | { readonly kind: 'deferrable'; readonly deferrable: CatalogDeferrable | undefined }
    | { readonly kind: 'generated'; readonly expression: SourcePart; readonly stored: boolean }
    /** A name that no constraint follows. */
    | { readonly kind: 'name only' }
  )

/** A constraint of a table. */
export type TableConstraintPart = ConstraintPartBase &
  (
    | { readonly kind: 'primary key'; readonly keys: readonly KeyPart[]; readonly autoincrement: boolean }
    | { readonly kind: 'unique'; readonly keys: readonly KeyPart[] }
    | { readonly kind: 'check'; readonly expression: SourcePart }
    | {
        readonly kind: 'foreign key'
        readonly columns: readonly NamePart[]
        readonly reference: ReferencePart
        readonly deferrable?: CatalogDeferrable | undefined
      }
    /** A name that no constraint follows. */
    | { readonly kind: 'name only' }
  )

/** A column of `create table`. */
export interface ColumnPart extends Part {
  readonly name: NamePart
  /** The type as SQLite takes it: without quotes around it. */
  readonly type?: SourcePart | undefined
  readonly constraints: readonly ColumnConstraintPart[]
}

/** What every `create …` has. */
interface CreateBase {
  readonly temporary: boolean
  readonly ifNotExists: boolean
  readonly schema?: NamePart | undefined
  readonly name: NamePart
  /** The tokens of the whole statement. */
  readonly text: TokenList
}

/** `create table`. */
export interface CreateTablePart extends CreateBase {
  readonly kind: 'create table'
  readonly columns: readonly ColumnPart[]
  readonly constraints: readonly TableConstraintPart[]
  readonly strict: boolean
  readonly withoutRowid: boolean
  /** The words behind the parentheses. */
  readonly options: readonly NamePart[]
  /** The query of `create table … as`, which SQLite does not keep. */
  readonly query?: SourcePart | undefined
}

/** `create index`. */
export interface CreateIndexPart extends CreateBase {
  readonly kind: 'create index'
  readonly unique: boolean
  readonly table: NamePart
  readonly keys: readonly KeyPart[]
  readonly where?: SourcePart | undefined
}

/** `create view`. */
export interface CreateViewPart extends CreateBase {
  readonly kind: 'create view'
  readonly columns: readonly NamePart[]
  readonly query: SourcePart
}

/** `create trigger`. */
export interface CreateTriggerPart extends CreateBase {
  readonly kind: 'create trigger'
  /** `before` where it says nothing. */
  readonly timing: 'before' | 'after' | 'instead of'
  readonly event: 'insert' | 'update' | 'delete'
  /** Of `update of …`. */
  readonly columns: readonly NamePart[]
  readonly table: NamePart
  readonly tableSchema?: NamePart | undefined
  readonly when?: SourcePart | undefined
  /** Each statement between `begin` and `end`. */
  readonly statements: readonly SourcePart[]
}

/** `create virtual table`. */
export interface CreateVirtualTablePart extends CreateBase {
  readonly kind: 'create virtual table'
  readonly module: NamePart
  readonly arguments: readonly SourcePart[]
}

/** A statement that SQLite keeps of an object. */
export type CreateStatement =
  | CreateTablePart
  | CreateIndexPart
  | CreateViewPart
  | CreateTriggerPart
  | CreateVirtualTablePart
