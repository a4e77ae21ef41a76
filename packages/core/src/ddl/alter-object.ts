import { BuildError, excerpt } from '../errors.js'
import { quoteIdentifier } from '../expression/identifier.js'
import type { ExpressionNode } from '../expression/node.js'
import { Precedence } from '../expression/operators.js'
import type { Writer } from '../expression/writer.js'
import { checkName } from '../schema/naming.js'
import { requireSchemaFeature } from '../schema/schema-features.js'
import { StatementNode } from '../statement/statement-node.js'
import type { Fields } from '../tree/node.js'
import { type SqlType, TEXT } from '../types/sql-type.js'
import { pathOf, writeDdl } from './statement.js'

const kinds = [
  'table',
  'index',
  'view',
  'materialized view',
  'sequence',
  'type',
  'domain',
  'schema',
  'extension',
  'function',
  'procedure',
  'trigger',
  'policy',
  'constraint',
  'column',
  'database',
] as const

/** The kinds of objects by which `alter`, `comment on` and `grant` name them. */
export type ObjectKind = (typeof kinds)[number]

/** An object of the database by its kind and name, as plain data. */
export interface ObjectName {
  readonly kind: ObjectKind
  readonly name: string
  readonly schema?: string | undefined
  /** Of a trigger, a policy, a constraint or a column: the table that has it. */
  readonly table?: string | undefined
  /** Of a function or a procedure: the types of its arguments. */
  readonly arguments?: readonly string[] | undefined
}

const types = /^[\p{L}_"][\p{L}\p{N}_$". ]*(?:\([0-9, ]*\))?[\p{L} ]*(?:\[\])*$/u

/** The name of an object as SQL, without its kind. */
export function objectPath(object: ObjectName): string {
  const { kind, name, schema, table } = object
  if (kind === 'column') return `${pathOf(schema, table ?? '')}.${quoteIdentifier(name)}`
  if (kind === 'trigger' || kind === 'policy' || kind === 'constraint')
    return `${quoteIdentifier(name)} on ${pathOf(schema, table ?? '')}`
  if ((kind === 'function' || kind === 'procedure') && object.arguments !== undefined) {
    for (const type of object.arguments) {
      if (!types.test(type))
        throw new BuildError('invalid_type', `${excerpt(type)} is no name of the type of an argument.`)
    }
    return `${pathOf(schema, name)}(${object.arguments.join(', ')})`
  }
  return pathOf(schema, name)
}

function kindText({ kind }: ObjectName): string {
  if ((kinds as readonly unknown[]).includes(kind)) return kind
  throw new BuildError(
    'invalid_object',
    `There is no ${excerpt(kind)} to be named; there are ${kinds.join(', ')}.`,
  )
}

/** `alter … rename to`, and of a type the name of one of its values or attributes. */
export class RenameObjectNode extends StatementNode {
  static readonly fields: Fields<RenameObjectNode> = { object: 'data', part: 'data', newName: 'data' }
  constructor(
    readonly object: ObjectName,
    readonly part: { readonly kind: 'value' | 'attribute'; readonly name: string } | undefined,
    readonly newName: string,
  ) {
    super('renameObject')
  }
  write(to: Writer): void {
    requireSchemaFeature(to, 'alterObjects')
    const { part, newName } = this
    const text = to.codec(TEXT)
    to.text(`alter ${kindText(this.object)} ${objectPath(this.object)} rename `)
    if (part?.kind === 'value') {
      to.text(`value ${text.literal(part.name, TEXT)} to ${text.literal(newName, TEXT)}`)
      return
    }
    checkName(to, newName)
    if (part !== undefined) to.text(`attribute ${quoteIdentifier(part.name)} `)
    to.text(`to ${quoteIdentifier(newName)}`)
  }
}

/** `alter … set schema`. */
export class SetSchemaNode extends StatementNode {
  static readonly fields: Fields<SetSchemaNode> = { object: 'data', newSchema: 'data' }
  constructor(
    readonly object: ObjectName,
    readonly newSchema: string,
  ) {
    super('setSchema')
  }
  write(to: Writer): void {
    requireSchemaFeature(to, 'alterObjects')
    to.text(
      `alter ${kindText(this.object)} ${objectPath(this.object)} set schema ${quoteIdentifier(this.newSchema)}`,
    )
  }
}

/** `comment on` any object but tables and their columns, see {@link CommentOnNode}. */
export class CommentOnObjectNode extends StatementNode {
  static readonly fields: Fields<CommentOnObjectNode> = { object: 'data', comment: 'data' }
  constructor(
    readonly object: ObjectName,
    readonly comment: string | undefined,
  ) {
    super('commentOnObject')
  }
  write(to: Writer): void {
    requireSchemaFeature(to, 'comments')
    const comment = this.comment === undefined ? 'null' : to.codec(TEXT).literal(this.comment, TEXT)
    to.text(`comment on ${kindText(this.object)} ${objectPath(this.object)} is ${comment}`)
  }
}

/** `alter type … add value`. */
export class AddEnumValueNode extends StatementNode {
  static readonly fields: Fields<AddEnumValueNode> = {
    object: 'data',
    value: 'data',
    place: 'data',
    ifNotExists: 'data',
  }
  constructor(
    readonly object: ObjectName,
    readonly value: string,
    readonly place: { readonly before?: string | undefined; readonly after?: string | undefined } | undefined,
    readonly ifNotExists: boolean,
  ) {
    super('addEnumValue')
  }
  write(to: Writer): void {
    requireSchemaFeature(to, 'alterObjects')
    const literal = (value: string) => to.codec(TEXT).literal(value, TEXT)
    const { before, after } = this.place ?? {}
    to.text(`alter type ${objectPath(this.object)} add value ${this.ifNotExists ? 'if not exists ' : ''}`)
    to.text(literal(this.value))
    if (before !== undefined) to.text(` before ${literal(before)}`)
    else if (after !== undefined) to.text(` after ${literal(after)}`)
  }
}

/** What is changed of a domain. */
export type DomainAction =
  | 'set default'
  | 'drop default'
  | 'set not null'
  | 'drop not null'
  | 'add check'
  | 'drop constraint'
  | 'validate constraint'
  | 'rename constraint'

/** `alter domain`. */
export class AlterDomainNode extends StatementNode {
  static readonly fields: Fields<AlterDomainNode> = {
    object: 'data',
    action: 'data',
    name: 'data',
    expression: 'optional',
    notValid: 'data',
    newName: 'data',
  }
  constructor(
    readonly object: ObjectName,
    readonly action: DomainAction,
    /** Of the constraint. */
    readonly name: string | undefined,
    readonly expression: ExpressionNode | undefined,
    readonly notValid: boolean,
    readonly newName?: string | undefined,
  ) {
    super('alterDomain')
  }
  write(to: Writer): void {
    requireSchemaFeature(to, 'alterObjects')
    writeDdl(to, () => {
      to.text(`alter domain ${objectPath(this.object)} `)
      const name = this.name === undefined ? '' : quoteIdentifier(this.name)
      switch (this.action) {
        case 'set default':
          to.text('set default ')
          to.operand(this.expression as ExpressionNode, Precedence.primary)
          return
        case 'add check':
          to.text(`add ${name === '' ? '' : `constraint ${name} `}check (`)
          to.visit(this.expression as ExpressionNode)
          to.text(this.notValid ? ') not valid' : ')')
          return
        case 'drop constraint':
        case 'validate constraint':
          to.text(`${this.action} ${name}`)
          return
        case 'rename constraint':
          to.text(`rename constraint ${name} to ${quoteIdentifier(this.newName ?? '')}`)
          return
        case 'drop default':
        case 'set not null':
        case 'drop not null':
          to.text(this.action)
          return
      }
      throw new BuildError('invalid_type', `A domain is not altered by ${excerpt(this.action)}.`)
    })
  }
}

/** `alter type … add attribute`, `drop attribute`, `alter attribute`. */
export class AlterCompositeNode extends StatementNode {
  static readonly fields: Fields<AlterCompositeNode> = {
    object: 'data',
    action: 'data',
    name: 'data',
    type: 'data',
  }
  constructor(
    readonly object: ObjectName,
    readonly action: 'add' | 'drop' | 'alter',
    readonly name: string,
    readonly type: SqlType | undefined,
  ) {
    super('alterComposite')
  }
  write(to: Writer): void {
    requireSchemaFeature(to, 'alterObjects')
    const { action, type } = this
    const ddl = type === undefined ? '' : to.codec(type).ddl(type)
    to.text(`alter type ${objectPath(this.object)} `)
    if (action === 'drop') to.text(`drop attribute ${quoteIdentifier(this.name)}`)
    else if (action === 'add') to.text(`add attribute ${quoteIdentifier(this.name)} ${ddl}`)
    else to.text(`alter attribute ${quoteIdentifier(this.name)} type ${ddl}`)
  }
}

const privileges: readonly unknown[] = [
  'all',
  'select',
  'insert',
  'update',
  'delete',
  'truncate',
  'references',
  'trigger',
  'maintain',
  'usage',
  'create',
  'connect',
  'temporary',
  'execute',
]

/** `grant … on … to`, `revoke … on … from`. */
export class GrantNode extends StatementNode {
  static readonly fields: Fields<GrantNode> = {
    action: 'data',
    privileges: 'data',
    object: 'data',
    roles: 'data',
    withGrantOption: 'data',
  }
  constructor(
    readonly action: 'grant' | 'revoke',
    readonly privileges: readonly string[],
    readonly object: ObjectName,
    /** `public` means everybody. */
    readonly roles: readonly string[],
    readonly withGrantOption: boolean,
  ) {
    super('grant')
  }
  write(to: Writer): void {
    requireSchemaFeature(to, 'grants')
    for (const privilege of this.privileges) {
      if (!privileges.includes(privilege))
        throw new BuildError(
          'invalid_option',
          `There is no privilege ${excerpt(privilege)}; there are ${privileges.join(', ')}.`,
        )
    }
    if (this.privileges.length === 0 || this.roles.length === 0)
      throw new BuildError('invalid_option', `${this.action} names no privilege, or no role.`)
    const roles = this.roles.map((role) => (role === 'public' ? 'public' : quoteIdentifier(role))).join(', ')
    // A view is granted as a table.
    const kind = kindText(this.object).replace(/^(?:materialized )?view$/, 'table')
    const what = `${this.privileges.join(', ')} on ${kind} ${objectPath(this.object)}`
    to.text(this.action === 'grant' ? `grant ${what} to ${roles}` : `revoke ${what} from ${roles}`)
    if (this.action === 'grant' && this.withGrantOption) to.text(' with grant option')
  }
}
