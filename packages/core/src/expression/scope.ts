import { CompileError } from '../errors.js'
import type { SourceNode } from './source.js'
import type { Writer } from './writer.js'

/** Whether some database takes two names for one: SQLite's names do not know case. */
export function sameName(a: string, b: string): boolean {
  if (a === b) return true
  // A letter and its capital differ in one bit. That alone tells most names apart.
  return (
    a.length === b.length &&
    (a.charCodeAt(0) | 32) === (b.charCodeAt(0) | 32) &&
    a.toLowerCase() === b.toLowerCase()
  )
}

/** A source that is joined, and how. */
export interface JoinedSource {
  readonly type: string
  readonly source: SourceNode
}

const NONE: readonly never[] = []
const RENAME = "Give one another name: const other = source.as('other')."

export interface Scope {
  /** What to do about a source that is not here, where the scope is closed. */
  readonly hint?: string | undefined
}

/** The sources whose columns may be written at a place: those of a statement, and of the statements around it. */
export class Scope {
  computed: 'an aggregate' | 'a window' | undefined = undefined
  constructor(
    readonly outer: Scope | undefined,
    readonly source: SourceNode | undefined,
    readonly joins: readonly JoinedSource[] = NONE,
    /** How many of them are there already, where the condition of a join is written. */
    public joined: number = joins.length,
  ) {}

  /** Whether columns stand alone here, without their table. */
  get isBare(): boolean {
    return false
  }

  has(source: SourceNode): boolean {
    for (let scope: Scope | undefined = this; scope !== undefined; scope = scope.outer) {
      if (scope.source === source) return true
      const { joins, joined } = scope
      for (let i = 0; i < joined; i++) if ((joins[i] as JoinedSource).source === source) return true
      if (scope.outer !== undefined) scope.refuseShadow(source)
    }
    return false
  }

  /** A source of the same name in a query further in hides one of a query around it. */
  private refuseShadow(source: SourceNode): void {
    if (!this.hasName(source.name, this.joins.length) || this.outer?.has(source) !== true) return
    throw new CompileError(
      'shadowed_source',
      `A subquery uses '${source.name}' of the query around it, but has another source of that name. ${RENAME}`,
    )
  }

  /** Whether the first source, or one of so many joined ones, has a name. */
  private hasName(name: string, count: number): boolean {
    const { source, joins } = this
    if (source !== undefined && sameName(source.name, name)) return true
    for (let i = 0; i < count; i++) {
      if (sameName((joins[i] as JoinedSource).source.name, name)) return true
    }
    return false
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
    return [...own, ...this.joins.map((join) => join.source)]
  }

  /** Writes what must stand in front of the statement for the sources here: their CTEs. */
  prepare(to: Writer): void {
    const { source, joins } = this
    if (source !== undefined) source.prepare(to)
    for (let i = 0; i < joins.length; i++) (joins[i] as JoinedSource).source.prepare(to)
  }

  /** Two sources of one name in one statement would make every column of theirs ambiguous. */
  checkNames(): void {
    const { joins } = this
    for (let i = 0; i < joins.length; i++) {
      const { name } = (joins[i] as JoinedSource).source
      if (this.hasName(name, i)) {
        throw new CompileError('duplicate_source', `'${name}' stands twice in one FROM. ${RENAME}`)
      }
    }
  }
}

class DdlScope extends Scope {
  override get isBare(): boolean {
    return true
  }
}

/** The scope of DDL. */
export const DDL: Scope = /* @__PURE__ */ new DdlScope(undefined, undefined)

/** Sources beside the target of a write, as a scope takes them. */
export function besideTarget(sources: readonly SourceNode[]): readonly JoinedSource[] {
  return sources.length === 0 ? NONE : sources.map((source) => ({ type: 'cross', source }))
}

/** The scope of what sees no sources around it. */
export const ROOT: Scope = /* @__PURE__ */ new Scope(undefined, undefined)

export function outOfScope(source: SourceNode, column: string, scope: Scope | undefined): CompileError {
  const names = scope?.names() ?? []
  let hint: string | undefined
  let isLate = false
  for (let around = scope; around !== undefined; around = around.outer) {
    hint = around.hint
    if (around.all().includes(source)) isLate = true
  }
  const twin = isLate
    ? 'It is joined only after this condition: join it before.'
    : names.includes(source.name)
      ? `FROM has another source of that name: use the columns of that one.`
      : (hint ??
        `FROM has ${names.length === 0 ? 'no sources' : names.map((name) => `'${name}'`).join(', ')}: add '${source.name}' by .from(…) or a join.`)
  return new CompileError(
    'missing_source',
    `"${source.name}"."${column}" is used, but its source is not in FROM. ${twin}`,
  )
}
