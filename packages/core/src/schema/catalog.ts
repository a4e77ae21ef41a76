import type { ReferentialAction } from './column.js'

/**
 * What a database says of its schema, as plain data that goes through JSON unchanged. Names are as the database has
 * them, expressions are its source text, and what does not apply is left out. What only one database has is under its
 * name. Objects are in the order of their names; columns, keys and values of enums in their own.
 */
export interface Catalog {
  /** The name of the dialect: `PostgreSQL`, `SQLite`. */
  readonly dialect: string
  /** The version of the database, as it says it: `18.1`, `3.50.2`. */
  readonly version: string
  readonly schemas: readonly CatalogSchema[]
  readonly tables: readonly CatalogTable[]
  readonly views: readonly CatalogView[]
  readonly materializedViews: readonly CatalogView[]
  readonly sequences: readonly CatalogSequence[]
  readonly enums: readonly CatalogEnum[]
  readonly domains: readonly CatalogDomain[]
  readonly compositeTypes: readonly CatalogCompositeType[]
  readonly functions: readonly CatalogFunction[]
  readonly triggers: readonly CatalogTrigger[]
  readonly policies: readonly CatalogPolicy[]
  readonly extensions: readonly CatalogExtension[]
  /** Which object cannot be without which other, as far as the database knows it. */
  readonly dependencies: readonly CatalogDependency[]
  /** What could not be read wholly, or is of no known kind. The object itself is in the catalog, with what is known. */
  readonly problems: readonly CatalogProblem[]
  readonly postgres?: PostgresCatalog | undefined
}

/** The kinds of objects that a catalog can have. */
export type CatalogKind =
  | 'schema'
  | 'table'
  | 'view'
  | 'materialized view'
  | 'index'
  | 'sequence'
  | 'enum'
  | 'domain'
  | 'composite type'
  | 'range'
  | 'function'
  | 'trigger'
  | 'policy'
  | 'rule'
  | 'event trigger'
  | 'collation'
  | 'extension'
  /** Of a kind that a catalog does not hold, which `problems` tells. */
  | 'other'

/** An object by its kind and name. */
export interface CatalogReference {
  readonly kind: CatalogKind
  readonly schema?: string | undefined
  /** Of a function with the types of its arguments: `area(integer, integer)`. */
  readonly name: string
  /** The table of an index, a trigger, a policy or a rule. */
  readonly table?: string | undefined
}

/** An object that cannot be without another. */
export interface CatalogDependency {
  readonly object: CatalogReference
  readonly needs: CatalogReference
}

/** What of an object could not be read, and why. */
export interface CatalogProblem {
  readonly object: CatalogReference
  readonly message: string
}

/** A schema; on SQLite a database: `main`, `temp`, or one that is attached. */
export interface CatalogSchema {
  readonly name: string
  readonly comment?: string | undefined
  readonly postgres?: { readonly owner?: string | undefined } | undefined
}

/** A table with all that belongs to it, but its triggers and policies. */
export interface CatalogTable {
  readonly schema: string
  readonly name: string
  readonly columns: readonly CatalogColumn[]
  readonly primaryKey?: CatalogKey | undefined
  readonly uniques: readonly CatalogKey[]
  readonly foreignKeys: readonly CatalogForeignKey[]
  readonly checks: readonly CatalogCheck[]
  readonly excludes: readonly CatalogExclude[]
  /** The indexes that are no part of a constraint. */
  readonly indexes: readonly CatalogIndex[]
  readonly comment?: string | undefined
  /** How many rows the statistics of the database take it to have; without statistics it is left out. */
  readonly rowEstimate?: number | undefined
  /** Its size with its indexes, where it was asked for. */
  readonly bytes?: number | undefined
  readonly postgres?: PostgresTable | undefined
  readonly sqlite?: SqliteTable | undefined
}

/** The type of a column. */
export interface CatalogType {
  /** As the database says it: `numeric(10,2)[]`; on SQLite as it was declared, and empty where nothing was. */
  readonly text: string
  /** Without arguments and dimensions: `numeric`. */
  readonly name: string
  /** The schema of a type that is not built in. */
  readonly schema?: string | undefined
  /** What stands in parentheses: `['10', '2']`. */
  readonly arguments: readonly string[]
  /** How many times it is an array; left out for none. */
  readonly dimensions?: number | undefined
}

/** A column of a table. */
export interface CatalogColumn {
  readonly name: string
  readonly type: CatalogType
  readonly nullable: boolean
  /** The name of the constraint `not null`, where it has one. */
  readonly notNullName?: string | undefined
  /** The expression of its default. */
  readonly default?: string | undefined
  readonly identity?: CatalogIdentity | undefined
  readonly generated?: CatalogGenerated | undefined
  /** Where it is not the default one of its type. */
  readonly collation?: string | undefined
  readonly comment?: string | undefined
  readonly postgres?: PostgresColumn | undefined
  readonly sqlite?: SqliteColumn | undefined
}

/** How the database numbers the rows: on SQLite `by default`, for what stands in place of the row id. */
export interface CatalogIdentity {
  readonly generated: 'always' | 'by default'
  /** The options of the sequence, which SQLite has not. */
  readonly sequence?: CatalogSequenceOptions | undefined
}

/** How the database computes a column. */
export interface CatalogGenerated {
  readonly expression: string
  readonly kind: 'stored' | 'virtual'
}

/** A key of a table: a primary key, or columns in which no two rows agree. */
export interface CatalogKey {
  /** Left out where it has none, on SQLite. */
  readonly name?: string | undefined
  readonly columns: readonly string[]
  readonly deferrable?: CatalogDeferrable | undefined
  readonly comment?: string | undefined
  readonly postgres?:
    | {
        readonly include?: readonly string[] | undefined
        readonly nullsNotDistinct?: boolean | undefined
        readonly withoutOverlaps?: boolean | undefined
        readonly storage?: Readonly<Record<string, string>> | undefined
        readonly tablespace?: string | undefined
        readonly clustered?: boolean | undefined
        readonly replicaIdentity?: boolean | undefined
        /** Whether it comes from a table above alone. */
        readonly inherited?: boolean | undefined
      }
    | undefined
  readonly sqlite?: SqliteKey | undefined
}

/** When a constraint that can wait is looked at, unless a transaction says otherwise. */
export type CatalogDeferrable = 'initially immediate' | 'initially deferred'

/** A reference of columns to those of a table. */
export interface CatalogForeignKey {
  readonly name?: string | undefined
  readonly columns: readonly string[]
  readonly target: { readonly schema: string; readonly table: string; readonly columns: readonly string[] }
  readonly onDelete: ReferentialAction
  readonly onUpdate: ReferentialAction
  /** `simple` is left out. */
  readonly match?: 'full' | 'partial' | undefined
  readonly deferrable?: CatalogDeferrable | undefined
  readonly comment?: string | undefined
  readonly postgres?:
    | {
        /** The columns that `on delete set null` or `set default` sets, where they are not all. */
        readonly onDeleteColumns?: readonly string[] | undefined
        readonly notValid?: boolean | undefined
        readonly notEnforced?: boolean | undefined
        /** Whether the last column of each side is a period. */
        readonly period?: boolean | undefined
        /** Whether it comes from a table above alone. */
        readonly inherited?: boolean | undefined
      }
    | undefined
  readonly sqlite?: SqliteForeignKey | undefined
}

/** A predicate that no row may make false. */
export interface CatalogCheck {
  readonly name?: string | undefined
  /** The source of the predicate, without the parentheses around it. */
  readonly expression: string
  readonly comment?: string | undefined
  readonly postgres?:
    | {
        readonly noInherit?: boolean | undefined
        readonly notValid?: boolean | undefined
        readonly notEnforced?: boolean | undefined
        /** Whether it comes from a table above alone. */
        readonly inherited?: boolean | undefined
      }
    | undefined
  readonly sqlite?: { readonly onConflict?: SqliteConflict | undefined } | undefined
}

/** A constraint by which no two rows are alike in operators; PostgreSQL has it. */
export interface CatalogExclude {
  readonly name: string
  readonly method: string
  readonly elements: readonly (CatalogIndexKey & { readonly operator: string })[]
  readonly where?: string | undefined
  readonly include?: readonly string[] | undefined
  readonly deferrable?: CatalogDeferrable | undefined
  readonly comment?: string | undefined
  readonly postgres?:
    | {
        readonly storage?: Readonly<Record<string, string>> | undefined
        readonly tablespace?: string | undefined
        /** Whether it comes from a table above alone. */
        readonly inherited?: boolean | undefined
      }
    | undefined
}

/** An index. */
export interface CatalogIndex {
  readonly name: string
  readonly unique: boolean
  readonly keys: readonly CatalogIndexKey[]
  /** The predicate of a partial index. */
  readonly where?: string | undefined
  readonly include?: readonly string[] | undefined
  /** `btree`, `gin`, …; SQLite has `btree` alone. */
  readonly method: string
  /** Options of its storage. */
  readonly options?: Readonly<Record<string, string>> | undefined
  readonly comment?: string | undefined
  readonly postgres?:
    | {
        readonly nullsNotDistinct?: boolean | undefined
        readonly notValid?: boolean | undefined
        readonly tablespace?: string | undefined
        readonly clustered?: boolean | undefined
        readonly replicaIdentity?: boolean | undefined
        /** Whether it is a part of an index of a table above. */
        readonly inherited?: boolean | undefined
      }
    | undefined
  /** The statement that made it. */
  readonly sqlite?: { readonly sql: string } | undefined
}

/** What an index is over: a column, or the source of an expression. */
export interface CatalogIndexKey {
  readonly column?: string | undefined
  readonly expression?: string | undefined
  /** `asc` is left out. */
  readonly order?: 'desc' | undefined
  /** Where it is not what goes with the order: `last` ascending, `first` descending. */
  readonly nulls?: 'first' | 'last' | undefined
  readonly collation?: string | undefined
  /** Where it is not the default one of the type, on PostgreSQL. */
  readonly operatorClass?: string | undefined
  readonly operatorClassOptions?: Readonly<Record<string, string>> | undefined
}

/** A view, materialized or not. */
export interface CatalogView {
  readonly schema: string
  readonly name: string
  readonly columns: readonly CatalogColumn[]
  /** The source of its query. */
  readonly query: string
  readonly comment?: string | undefined
  /** Of a materialized view. */
  readonly indexes?: readonly CatalogIndex[] | undefined
  readonly rowEstimate?: number | undefined
  readonly bytes?: number | undefined
  readonly postgres?:
    | {
        readonly owner?: string | undefined
        readonly options?: Readonly<Record<string, string>> | undefined
        readonly checkOption?: 'local' | 'cascaded' | undefined
        readonly notPopulated?: boolean | undefined
        readonly tablespace?: string | undefined
        readonly method?: string | undefined
      }
    | undefined
  /** The statement that made it, and the names of columns that it states. */
  readonly sqlite?: { readonly sql: string; readonly columnNames?: readonly string[] | undefined } | undefined
}

/** What a sequence gives, numbers as texts since they have 64 bits. */
export interface CatalogSequenceOptions {
  readonly start?: string | undefined
  readonly increment?: string | undefined
  readonly min?: string | undefined
  readonly max?: string | undefined
  readonly cache?: string | undefined
  readonly cycle?: boolean | undefined
}

/** A sequence that is a schema's own, not one behind an identity. */
export interface CatalogSequence extends CatalogSequenceOptions {
  readonly schema: string
  readonly name: string
  readonly type: string
  /** The column with which it is dropped. */
  readonly ownedBy?: { readonly schema: string; readonly table: string; readonly column: string } | undefined
  readonly unlogged?: boolean | undefined
  readonly comment?: string | undefined
}

/** A type of a list of values, in their order. */
export interface CatalogEnum {
  readonly schema: string
  readonly name: string
  readonly values: readonly string[]
  readonly comment?: string | undefined
}

/** A type with constraints. */
export interface CatalogDomain {
  readonly schema: string
  readonly name: string
  readonly type: CatalogType
  readonly nullable: boolean
  readonly notNullName?: string | undefined
  readonly default?: string | undefined
  readonly collation?: string | undefined
  readonly checks: readonly CatalogCheck[]
  readonly comment?: string | undefined
}

/** A type of named parts. */
export interface CatalogCompositeType {
  readonly schema: string
  readonly name: string
  readonly columns: readonly Pick<CatalogColumn, 'name' | 'type' | 'collation' | 'comment'>[]
  readonly comment?: string | undefined
}

/** A function, procedure or aggregate. */
export interface CatalogFunction {
  readonly schema: string
  readonly name: string
  readonly kind: 'function' | 'procedure' | 'aggregate' | 'window function'
  /** The types of its arguments, which tell functions of one name apart. */
  readonly arguments: readonly string[]
  readonly returns?: string | undefined
  readonly language: string
  /** The whole statement that makes it. */
  readonly definition: string
  readonly comment?: string | undefined
}

/** A trigger of a table or a view. */
export interface CatalogTrigger {
  readonly schema: string
  /** The table or view. */
  readonly table: string
  readonly name: string
  readonly timing: 'before' | 'after' | 'instead of'
  readonly events: readonly ('insert' | 'update' | 'delete' | 'truncate')[]
  /** Of `update of …`. */
  readonly columns?: readonly string[] | undefined
  readonly forEach: 'row' | 'statement'
  readonly when?: string | undefined
  /** The whole statement that makes it. */
  readonly definition: string
  readonly comment?: string | undefined
  readonly postgres?:
    | {
        readonly function?: { readonly schema: string; readonly name: string } | undefined
        readonly enabled?: 'disabled' | 'replica' | 'always' | undefined
        readonly constraint?: boolean | undefined
        readonly deferrable?: CatalogDeferrable | undefined
      }
    | undefined
}

/** A policy for the rows of a table. */
export interface CatalogPolicy {
  readonly schema: string
  readonly table: string
  readonly name: string
  readonly command: 'all' | 'select' | 'insert' | 'update' | 'delete'
  readonly permissive: boolean
  readonly roles: readonly string[]
  readonly using?: string | undefined
  readonly check?: string | undefined
  readonly comment?: string | undefined
}

/** An extension of the database. */
export interface CatalogExtension {
  readonly name: string
  readonly schema: string
  readonly version: string
  readonly comment?: string | undefined
}

/** What PostgreSQL alone has of objects. */
export interface PostgresCatalog {
  readonly ranges: readonly {
    readonly schema: string
    readonly name: string
    readonly subtype: CatalogType
    readonly collation?: string | undefined
    readonly operatorClass?: string | undefined
    /** The function that gives each range its one form, and the one that tells how far two values are apart. */
    readonly canonical?: string | undefined
    readonly difference?: string | undefined
    /** The name of the type of several such ranges. */
    readonly multirange?: string | undefined
    readonly comment?: string | undefined
  }[]
  readonly rules: readonly {
    readonly schema: string
    readonly table: string
    readonly name: string
    readonly definition: string
    readonly enabled?: 'disabled' | 'replica' | 'always' | undefined
    readonly comment?: string | undefined
  }[]
  readonly eventTriggers: readonly {
    readonly name: string
    readonly event: string
    readonly function: { readonly schema: string; readonly name: string }
    readonly enabled?: 'disabled' | 'replica' | 'always' | undefined
    readonly tags?: readonly string[] | undefined
    readonly comment?: string | undefined
  }[]
  readonly collations: readonly {
    readonly schema: string
    readonly name: string
    readonly provider: string
    readonly locale?: string | undefined
    readonly deterministic: boolean
    readonly comment?: string | undefined
  }[]
  readonly grants: readonly {
    readonly object: CatalogReference
    readonly column?: string | undefined
    readonly grantee: string
    readonly privilege: string
    readonly grantable?: boolean | undefined
  }[]
}

/** What PostgreSQL alone says of a table. */
export interface PostgresTable {
  readonly owner?: string | undefined
  readonly persistence?: 'unlogged' | 'temporary' | undefined
  /** Of a table that is parted: how, and by what. */
  readonly partitionBy?:
    | { readonly strategy: 'range' | 'list' | 'hash'; readonly keys: readonly CatalogIndexKey[] }
    | undefined
  /** Of a partition: of which table, and for which values. */
  readonly partitionOf?:
    | { readonly schema: string; readonly table: string; readonly bound: string }
    | undefined
  readonly inherits?: readonly { readonly schema: string; readonly table: string }[] | undefined
  readonly storage?: Readonly<Record<string, string>> | undefined
  readonly tablespace?: string | undefined
  readonly method?: string | undefined
  readonly rowSecurity?: 'enabled' | 'forced' | undefined
  /** What of a row tells it from others where it is replicated, where that is neither its primary key nor an index. */
  readonly replicaIdentity?: 'full' | 'nothing' | undefined
  /** Of a table of a foreign server. */
  readonly server?: string | undefined
  readonly serverOptions?: Readonly<Record<string, string>> | undefined
}

/** What PostgreSQL alone says of a column. */
export interface PostgresColumn {
  readonly storage?: 'plain' | 'external' | 'extended' | 'main' | undefined
  readonly compression?: 'pglz' | 'lz4' | undefined
  readonly statistics?: number | undefined
  readonly options?: Readonly<Record<string, string>> | undefined
  /** Of a table of a foreign server. */
  readonly foreignOptions?: Readonly<Record<string, string>> | undefined
  /** Whether it comes from a table above alone. */
  readonly inherited?: boolean | undefined
  /** Of its constraint `not null`. */
  readonly notNullNotValid?: boolean | undefined
  readonly notNullNoInherit?: boolean | undefined
  readonly notNullComment?: string | undefined
}

/** What SQLite does with a row that a constraint refuses, where that is not `abort`. */
export type SqliteConflict = 'rollback' | 'fail' | 'ignore' | 'replace'

/** What SQLite alone says of a table. */
export interface SqliteTable {
  /** The statement that made it, as SQLite keeps it. */
  readonly sql: string
  readonly strict?: boolean | undefined
  readonly withoutRowid?: boolean | undefined
  readonly autoincrement?: boolean | undefined
  /** Of a virtual table: its module and the module's arguments, as they were written. */
  readonly virtual?: { readonly module: string; readonly arguments: readonly string[] } | undefined
  /** Whether it holds the content of a virtual table, which makes it. */
  readonly shadow?: boolean | undefined
}

/** What SQLite alone says of a column. */
export interface SqliteColumn {
  readonly affinity: 'integer' | 'real' | 'text' | 'blob' | 'numeric'
  /** What happens where it is given NULL against `not null`. */
  readonly onConflict?: SqliteConflict | undefined
  /** Of a virtual table: whether `select *` leaves it out. */
  readonly hidden?: boolean | undefined
}

/** What SQLite alone says of a key. */
export interface SqliteKey {
  readonly onConflict?: SqliteConflict | undefined
  /** The columns with orders and collations, where they have any of their own. */
  readonly keys?: readonly CatalogIndexKey[] | undefined
}

/** What SQLite alone says of a foreign key. */
export interface SqliteForeignKey {
  /** Whether it names no columns of its target, and so means the primary key. */
  readonly implicitTarget?: boolean | undefined
  /** A name behind `match` that SQLite keeps and does not heed. */
  readonly match?: string | undefined
}

/** Which objects are meant: those that every given list has. */
export interface CatalogFilter {
  readonly schemas?: readonly string[] | undefined
  /**
   * Names of tables, views, sequences, types and functions, in which `*` stands for anything. What belongs to a table goes
   * with it.
   */
  readonly names?: readonly string[] | undefined
  readonly kinds?: readonly CatalogKind[] | undefined
}

/** What of a database is read into a {@link Catalog}. What is left out is not asked for. */
export interface InspectOptions {
  /** Only these; without it all, but what belongs to the database itself and to extensions. */
  readonly include?: CatalogFilter | undefined
  /** Not these. */
  readonly exclude?: CatalogFilter | undefined
  /** Whether sizes are asked for, which a database may have to measure. Default: false. */
  readonly sizes?: boolean | undefined
}
