/** A declaration of a module: what it exports, what it needs, and its source text. */
export interface Declaration {
  /** What it declares: a file may be for this alone. */
  readonly place: 'metadata' | 'type' | 'part'
  readonly schema: string
  /** The variable that it exports; none for a statement. */
  readonly name: string | undefined
  /** What is imported of `@espalier/core`, types behind the word `type`. */
  readonly imports: ReadonlySet<string>
  /** The variables that it reads. */
  readonly reads: ReadonlySet<string>
  /** Those that must have their values when the module is read. */
  readonly readsAtOnce: ReadonlySet<string>
  /** The variable that it gives to a metadata, where it does nothing else. */
  readonly adds?: string | undefined
  readonly code: string
}

/** Collects what a piece of source text needs while it is written. */
export class Needs {
  readonly imports = new Set<string>()
  readonly reads = new Set<string>()

  /** A function or type of `@espalier/core`, by its name. */
  core<N extends CoreName>(name: N): N {
    this.imports.add(name)
    return name
  }

  /** A type of `@espalier/core`. */
  coreType(name: string): string {
    this.imports.add(`type ${name}`)
    return name
  }

  /** A variable that is declared elsewhere. */
  variable(name: string): string {
    this.reads.add(name)
    return name
  }
}

/** The functions of `@espalier/core` that modules may import; no variable has the name of one. */
export const CORE_NAMES = [
  'array',
  'bigint',
  'bit',
  'boolean',
  'bytes',
  'char',
  'check',
  'cidr',
  'citext',
  'collate',
  'compositeType',
  'databaseType',
  'date',
  'datemultirange',
  'daterange',
  'declared',
  'domain',
  'double',
  'enumType',
  'exclude',
  'extension',
  'foreignKey',
  'generated',
  'generatedAs',
  'hstore',
  'index',
  'inet',
  'int4multirange',
  'int4range',
  'int8multirange',
  'int8range',
  'integer',
  'interval',
  'json',
  'jsonb',
  'macaddr',
  'macaddr8',
  'metadata',
  'notNull',
  'now',
  'nummultirange',
  'numeric',
  'numrange',
  'oid',
  'operatorClass',
  'partitionBy',
  'partitionOf',
  'primaryKey',
  'real',
  'schema',
  'sequence',
  'smallint',
  'sql',
  'table',
  'text',
  'time',
  'timestamp',
  'timestamptz',
  'timetz',
  'tsmultirange',
  'tsquery',
  'tsrange',
  'tstzmultirange',
  'tstzrange',
  'tsvector',
  'unique',
  'uuid',
  'varbit',
  'varchar',
  'xml',
] as const

export type CoreName = (typeof CORE_NAMES)[number]
