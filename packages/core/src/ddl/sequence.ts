import { BuildError, excerpt } from '../errors.js'
import type { Expression } from '../expression/expression.js'
import { ExpressionNode, toExpression } from '../expression/node.js'
import { Position, type Writer } from '../expression/writer.js'
import type { DatabaseName } from '../schema/constraint.js'
import { checkName } from '../schema/naming.js'
import { requireSchemaFeature } from '../schema/schema-features.js'
import type { SchemaObject } from '../schema/schema-object.js'
import { type SequenceOptions, sequenceText } from '../schema/sequence-options.js'
import { StatementNode } from '../statement/statement-node.js'
import type { Fields } from '../tree/node.js'
import { BIGINT, type SqlType, TEXT } from '../types/sql-type.js'
import { type DdlStatement, ddl, pathOf } from './statement.js'

/** What is said of a sequence beside how it counts. */
export interface SequenceDetails extends SequenceOptions {
  readonly schema?: string
  /** The type of its numbers, which says how far it goes: `bigint` unless it is stated. */
  readonly type?: 'smallint' | 'integer' | 'bigint'
  /** The database for which alone {@link createAll} makes it. */
  readonly onlyOn?: DatabaseName
}

/** A sequence of numbers in the database, see {@link sequence}. */
export interface Sequence extends SchemaObject {
  readonly name: string
  readonly schema: string | undefined
}

/** An expression of a number of a sequence. */
export type SequenceValue = Expression<bigint, never, never, 'bigint'>

/**
 * A sequence of numbers, of which each is given once. PostgreSQL alone: SQLite numbers rows by their key.
 * @example
 * ```ts
 * const numbers = sequence('invoice_numbers', { start: 1000 })
 * const invoices = table('invoices', { number: bigint().primaryKey().default(nextValue(numbers)) })
 * createSequence(numbers).toSQL(postgresDialect).sql // 'create sequence "invoice_numbers" start with 1000'
 * ```
 */
export function sequence(name: string, details: SequenceDetails = {}): Sequence {
  const { schema, type, onlyOn, ...options } = details
  return {
    name,
    schema,
    '~object': {
      key: sequenceKey(pathOf(schema, name)),
      onlyOn,
      needs: [],
      create: ({ ifNotExists }) => [new CreateSequenceNode(name, schema, type, options, ifNotExists)],
      drop: ({ ifExists }) => [new DropSequenceNode(name, schema, ifExists)],
    },
  }
}

/** The key of a sequence among the objects of a schema, by its quoted path. */
export function sequenceKey(quotedPath: string): string {
  return `sequence ${quotedPath}`
}

const types: readonly unknown[] = ['smallint', 'integer', 'bigint']

/** `create sequence`. */
export class CreateSequenceNode extends StatementNode {
  static readonly fields: Fields<CreateSequenceNode> = {
    name: 'data',
    schema: 'data',
    type: 'data',
    options: 'data',
    ifNotExists: 'data',
  }
  constructor(
    readonly name: string,
    readonly schema: string | undefined,
    readonly type: string | undefined,
    readonly options: SequenceOptions,
    readonly ifNotExists: boolean,
  ) {
    super('createSequence')
  }
  write(to: Writer): void {
    requireSchemaFeature(to, 'sequences')
    checkName(to, this.name)
    to.text(`create sequence ${this.ifNotExists ? 'if not exists ' : ''}${pathOf(this.schema, this.name)}`)
    if (this.type !== undefined) {
      if (!types.includes(this.type))
        throw new BuildError(
          'invalid_sequence',
          `A sequence is of ${types.join(', ')}, not ${excerpt(this.type)}.`,
        )
      to.text(` as ${this.type}`)
    }
    to.text(sequenceText(this.options))
  }
}

/** `alter sequence`. */
export class AlterSequenceNode extends StatementNode {
  static readonly fields: Fields<AlterSequenceNode> = {
    name: 'data',
    schema: 'data',
    options: 'data',
    restart: 'data',
  }
  constructor(
    readonly name: string,
    readonly schema: string | undefined,
    readonly options: SequenceOptions,
    readonly restart: number | bigint | undefined,
  ) {
    super('alterSequence')
  }
  write(to: Writer): void {
    requireSchemaFeature(to, 'sequences')
    const options = sequenceText(this.options)
    const restart =
      this.restart === undefined ? '' : sequenceText({ start: this.restart }).replace('start', 'restart')
    if (options + restart === '')
      throw new BuildError(
        'invalid_sequence',
        `alterSequence('${this.name}') changes nothing: say { increment: 2 } or the like.`,
      )
    to.text(`alter sequence ${pathOf(this.schema, this.name)}${options}${restart}`)
  }
}

/** `drop sequence`. */
export class DropSequenceNode extends StatementNode {
  static readonly fields: Fields<DropSequenceNode> = { name: 'data', schema: 'data', ifExists: 'data' }
  constructor(
    readonly name: string,
    readonly schema: string | undefined,
    readonly ifExists: boolean,
  ) {
    super('dropSequence')
  }
  write(to: Writer): void {
    requireSchemaFeature(to, 'sequences')
    to.text(`drop sequence ${this.ifExists ? 'if exists ' : ''}${pathOf(this.schema, this.name)}`)
  }
}

const calls: readonly unknown[] = ['nextval', 'currval', 'setval']

/** `nextval(…)`, `currval(…)`, `setval(…)`. */
export class SequenceValueNode extends ExpressionNode {
  static readonly fields: Fields<SequenceValueNode> = {
    call: 'data',
    path: 'data',
    value: 'optional',
    type: 'data',
  }
  constructor(
    readonly call: 'nextval' | 'currval' | 'setval',
    /** The name of the sequence, or its schema and name. */
    readonly path: readonly string[],
    readonly value: ExpressionNode | undefined,
    readonly type: SqlType,
  ) {
    super('sequenceValue')
  }
  /** The path of the sequence as SQL. */
  get quotedPath(): string {
    const [first, second] = this.path as [string, string | undefined]
    return second === undefined ? pathOf(undefined, first) : pathOf(first, second)
  }
  override write(to: Writer): void {
    requireSchemaFeature(to, 'sequences')
    if (!calls.includes(this.call))
      throw new BuildError(
        'invalid_sequence',
        `A sequence has ${calls.join(', ')}, not ${excerpt(this.call)}.`,
      )
    // A literal in any case: with a parameter, PostgreSQL would not know that a default needs the sequence.
    to.text(`${this.call}(${to.codec(TEXT).literal(this.quotedPath, TEXT)}`)
    if (this.value !== undefined) {
      to.text(', ')
      if (this.value.kind === 'parameter') {
        to.value((this.value as ExpressionNode & { readonly value: unknown }).value, BIGINT, Position.free)
      } else to.visit(this.value)
    }
    to.text(')')
  }
}

function valueOf(
  call: 'nextval' | 'currval' | 'setval',
  { name, schema }: Sequence,
  value?: ExpressionNode,
): SequenceValue {
  const path = schema === undefined ? [name] : [schema, name]
  return new SequenceValueNode(call, path, value, BIGINT) as unknown as SequenceValue
}

/**
 * The next number of a sequence: in a query, a write, or as a default.
 * @example
 * ```ts
 * const numbers = sequence('invoice_numbers')
 * select(nextValue(numbers)).toSQL(postgresDialect).sql // `select nextval('"invoice_numbers"') as "value"`
 * ```
 */
export function nextValue(of: Sequence): SequenceValue {
  return valueOf('nextval', of)
}

/** The number of a sequence that this session was given last; the database refuses it where there was none. */
export function currentValue(of: Sequence): SequenceValue {
  return valueOf('currval', of)
}

/** Sets the number that a sequence gave last, and gives it back: `setval('"invoice_numbers"', $1::bigint)`. */
export function setValue(of: Sequence, value: number | bigint): SequenceValue {
  return valueOf('setval', of, toExpression('setValue', BigInt(value), BIGINT))
}

/** The statement that creates a sequence. */
export function createSequence(of: Sequence, options: { readonly ifNotExists?: boolean } = {}): DdlStatement {
  const [node] = of['~object'].create({ ifNotExists: options.ifNotExists === true })
  return ddl(node as StatementNode)
}

/**
 * The statement that changes how a sequence counts, and with `restart` where it goes on.
 * @example
 * ```ts
 * alterSequence(sequence('invoice_numbers'), { increment: 10, restart: 5000 }).toSQL(postgresDialect).sql
 * // 'alter sequence "invoice_numbers" increment by 10 restart with 5000'
 * ```
 */
export function alterSequence(
  { name, schema }: Sequence,
  { restart, ...options }: SequenceOptions & { readonly restart?: number | bigint },
): DdlStatement {
  return ddl(new AlterSequenceNode(name, schema, options, restart))
}

/** The statement that drops a sequence: `drop sequence "invoice_numbers"`. */
export function dropSequence(of: Sequence, options: { readonly ifExists?: boolean } = {}): DdlStatement {
  const [node] = of['~object'].drop({ ifExists: options.ifExists === true })
  return ddl(node as StatementNode)
}
