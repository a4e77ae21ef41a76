import { CompileError } from '../errors.js'
import type { SourceNode } from './source.js'
import type { Writer } from './writer.js'

/** Whether some database takes two names for one: SQLite's names do not know case. */
export function sameName(a: string, b: string): boolean {
  return a === b || (a.length === b.length && a.toLowerCase() === b.toLowerCase())
}

/** A source that is joined, and how. */
export interface JoinedSource {
  readonly type: string
  readonly source: SourceNode
}

const NONE: readonly never[] = []

/** The sources whose columns may be written at a place: those of a statement, and of the statements around it. */
export class Scope {
  constructor(
    readonly outer: Scope | undefined,
    readonly source: SourceNode | undefined,
    readonly joins: readonly JoinedSource[] = NONE,
    readonly others: readonly SourceNode[] = NONE,
  ) {}

  has(source: SourceNode): boolean {
    for (let scope: Scope | undefined = this; scope !== undefined; scope = scope.outer) {
      if (scope.source === source) return true
      const { joins, others } = scope
      for (let i = 0; i < joins.length; i++) if ((joins[i] as JoinedSource).source === source) return true
      for (let i = 0; i < others.length; i++) if (others[i] === source) return true
      if (scope.outer !== undefined) scope.refuseShadow(source)
    }
    return false
  }

  /** A source of the same name in a query further in hides one of a query around it. */
  private refuseShadow(source: SourceNode): void {
    if (!this.all().some((other) => sameName(other.name, source.name)) || this.outer?.has(source) !== true)
      return
    throw new CompileError(
      'shadowed_source',
      `A subquery uses '${source.name}' of the query around it, but has another source called '${source.name}' itself. ` +
        "Give one of them another name: const other = source.as('other').",
    )
  }

  /** The names of the sources here and around, for error messages. */
  names(): string[] {
    const names: string[] = []
    for (let scope: Scope | undefined = this; scope !== undefined; scope = scope.outer) {
      for (const source of scope.all()) names.push(source.name)
    }
    return names
  }

  all(): SourceNode[] {
    const own = this.source === undefined ? [] : [this.source]
    return [...own, ...this.joins.map((join) => join.source), ...this.others]
  }

  /** Writes what must stand in front of the statement for the sources here: their CTEs. */
  prepare(to: Writer): void {
    const { source, joins, others } = this
    if (source !== undefined) source.prepare(to)
    for (let i = 0; i < joins.length; i++) (joins[i] as JoinedSource).source.prepare(to)
    for (let i = 0; i < others.length; i++) (others[i] as SourceNode).prepare(to)
  }

  /** Two sources of one name in one statement would make every column of theirs ambiguous. */
  checkNames(): void {
    const { source, joins, others } = this
    for (let i = 0; i < joins.length; i++) {
      const { name } = (joins[i] as JoinedSource).source
      if (source !== undefined && source.name === name) throw twice(name)
      for (let j = 0; j < i; j++) if ((joins[j] as JoinedSource).source.name === name) throw twice(name)
    }
    for (let i = 0; i < others.length; i++) {
      const { name } = others[i] as SourceNode
      if (source !== undefined && source.name === name) throw twice(name)
      for (let j = 0; j < i; j++) if ((others[j] as SourceNode).name === name) throw twice(name)
    }
  }
}

/** The scope of what sees no sources around it. */
export const ROOT: Scope = /* @__PURE__ */ new Scope(undefined, undefined)

function twice(name: string): CompileError {
  return new CompileError(
    'duplicate_source',
    `'${name}' stands twice in one FROM. Give one of them another name: const other = source.as('other').`,
  )
}

export function outOfScope(source: SourceNode, column: string, scope: Scope | undefined): CompileError {
  const names = scope?.names() ?? []
  const twin = names.includes(source.name)
    ? ` Another source called '${source.name}' is there, but not this one: aliases are told apart by the object, so use ` +
      'the columns of the very object that stands in FROM.'
    : ` FROM has ${names.length === 0 ? 'no sources' : names.map((name) => `'${name}'`).join(', ')}: add '${source.name}' by .from(…) or a join.`
  return new CompileError(
    'missing_source',
    `"${source.name}"."${column}" is used, but its source is not in FROM.${twin}`,
  )
}
