import { excerpt } from '@espalier/core'
import { MigrationError } from '../errors.js'
import { describeStatement } from './describe.js'
import type { AnyStatement, Irreversible, Operation } from './operation.js'

/** How a statement of a revision is undone, and what it is called. */
export interface ExecuteOptions {
  /** What undoes it: a statement, several, or `'nothing'` where nothing needs to be undone. */
  readonly reverse?: AnyStatement | readonly AnyStatement[] | 'nothing'
  /** What it does, for people. Made from the statement if left out. */
  readonly description?: string
}

class Execute implements Operation {
  readonly kind = 'execute'
  readonly description: string
  constructor(
    readonly executed: readonly AnyStatement[],
    readonly undone: readonly AnyStatement[] | undefined,
    description: string | undefined,
    private readonly named: string | undefined = description,
  ) {
    this.description = description ?? (executed.map(describeStatement).join('; ') || 'nothing to do')
  }
  statements(): readonly AnyStatement[] {
    return this.executed
  }
  reverse(): Operation | Irreversible {
    if (this.undone !== undefined) {
      const name = this.named === undefined ? undefined : `reverse of: ${this.named}`
      return new Execute(
        this.undone,
        this.executed,
        this.undone.length === 0 ? 'nothing to undo' : name,
        undefined,
      )
    }
    return {
      irreversible:
        'nothing says how to undo a statement; write execute(statement, { reverse: … }), or ' +
        "{ reverse: 'nothing' } where nothing needs to be undone",
    }
  }
}

/**
 * Runs a statement, or several: an insert, update or delete made with builders, DDL, or `` sql.statement`…` ``. A bare
 * statement may also stand in a revision by itself; this adds how it is undone.
 * @example
 * ```ts
 * execute(update(users).set({ fullName: null }).everyRow(), { reverse: 'nothing' })
 * execute(sql.statement`create extension citext`, { reverse: sql.statement`drop extension citext` })
 * ```
 */
export function execute(
  statement: AnyStatement | readonly AnyStatement[],
  options: ExecuteOptions = {},
): Operation {
  const { reverse, description } = options
  const undone =
    reverse === undefined ? undefined : reverse === 'nothing' ? [] : statements('reverse', reverse)
  return new Execute(statements('execute', statement), undone, description)
}

/**
 * Whether a value is a statement that a revision may run, of whichever installed copy. Core's own statements for
 * tables are none: as operations they are undone, and a table that others refer to is not dropped with their rows.
 */
export function isStatement(value: unknown): value is AnyStatement {
  return (
    typeof value === 'object' && value !== null && 'kind' in value && 'toSQL' in value && !isTableDdl(value)
  )
}

function isTableDdl(value: object): boolean {
  return 'kind' in value && (value.kind === 'createTable' || value.kind === 'dropTable') && 'toSQL' in value
}

function statements(place: string, given: AnyStatement | readonly AnyStatement[]): readonly AnyStatement[] {
  const list = Array.isArray(given) ? (given as readonly AnyStatement[]) : [given as AnyStatement]
  for (const statement of list) {
    if (!isStatement(statement))
      throw new MigrationError('invalid_operation', `${place}: ${notStatement(statement)}`)
  }
  if (list.length === 0)
    throw new MigrationError('invalid_operation', `${place}: there is no statement to run.`)
  return list
}

/** What to write in place of something that is no statement. */
export function notStatement(value: unknown): string {
  if (typeof value === 'string')
    return `a text is not run as SQL: ${excerpt(value)}. Write sql.statement\`…\`.`
  if (typeof value === 'object' && value !== null) {
    if (isTableDdl(value)) {
      const { kind } = value as { readonly kind: string }
      return `this ${kind} is the statement of @espalier/core; import ${kind} from @espalier/migrate, which is checked and can be undone.`
    }
    if ('values' in value) return 'this insert says nothing to insert yet; add .values(…).'
    if ('set' in value) return 'this update says nothing to set yet; add .set(…).'
  }
  if (typeof value === 'function') return 'a function stands here; wrap it: run(async (db) => { … }).'
  return `${excerpt(value)} is neither an operation such as createTable(…) nor a statement.`
}
