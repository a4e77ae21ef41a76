import { BuildError, CompileError } from '../errors.js'
import type { Scope } from '../expression/scope.js'
import { type AliasNode, type FromItem, requireSource, type SourceNode } from '../expression/source.js'
import type { Writer } from '../expression/writer.js'
import type { Fields, Node } from '../tree/node.js'
import { type Clause, ClauseNode, Rank } from './clauses.js'
import { absentSources } from './joins.js'

/** How strongly rows are locked. */
export const lockStrengths = ['update', 'no key update', 'share', 'key share'] as const
type Strength = (typeof lockStrengths)[number]

/** Which rows a lock is about, and what happens if another transaction holds them. */
export interface LockOptions {
  /** The source, or the sources, whose rows are locked; by default all. */
  readonly of?: FromItem | readonly FromItem[]
  /** An error at once (`nowait`), or the rows left out (`skip locked`), in place of waiting. */
  readonly wait?: 'nowait' | 'skip locked'
  /** What a database without row locks does: an error (the default), or nothing. */
  readonly without?: 'refuse' | 'ignore'
}

/** `for update` and its like. */
export class LockNode extends ClauseNode {
  static readonly fields: Fields<LockNode> = {
    strength: 'data',
    of: 'data',
    wait: 'data',
    isOptional: 'data',
  }
  constructor(
    readonly strength: Strength,
    /** Names of sources; none for all of them. */
    readonly of: readonly string[],
    readonly wait: 'nowait' | 'skip locked' | undefined,
    readonly isOptional: boolean,
  ) {
    super('lock', Rank.lock)
  }
  override among(clauses: readonly ClauseNode[], query: Node): void {
    const other = clauses.find(({ kind }) => /^(distinct|distinctOn|groupBy|having)$/.test(kind))
    if (other !== undefined || query.kind !== 'select')
      throw this.refused(other === undefined ? 'set operation' : `query with ${other.kind}`)
  }
  /** No rows are locked that an outer join may leave out. */
  private checkPresence(sources: readonly SourceNode[], absent: ReadonlySet<SourceNode>): void {
    const isMeant = (source: SourceNode) =>
      this.of.length === 0 ? isLockable(source) : this.of.includes(source.name)
    const locked = sources.find((source) => absent.has(source) && isMeant(source))
    if (locked === undefined) return
    const present = sources.find((source) => !absent.has(source) && isLockable(source))
    throw new CompileError(
      'invalid_lock',
      `for ${this.strength} cannot lock rows of '${locked.name}', which an outer join may leave out. ` +
        (present === undefined
          ? 'Use an inner join.'
          : `Write { of: ${present.name} }, or use an inner join.`),
    )
  }
  private refused(place: string): BuildError {
    return new BuildError(
      'invalid_lock',
      `for ${this.strength} locks rows of tables, and cannot stand in a ${place}. ` +
        'Lock in a subquery: table.id.in(select(table.id).from(table).add(forUpdate())).',
    )
  }
  write(to: Writer): void {
    if (to.dialect.lacks.rowLocks) {
      if (this.isOptional) return
      throw to.unsupported(
        `for ${this.strength}`,
        "A transaction there locks the whole database when it writes; leave the lock out, or say { without: 'ignore' }.",
      )
    }
    if (to.scope?.computed !== undefined) throw this.refused(`query with ${to.scope.computed}`)
    to.text(` for ${this.strength}`)
    const scope = to.scope as Scope | undefined
    const sources = scope?.all() ?? []
    this.checkPresence(sources, absentSources(scope?.source, scope?.joins ?? []))
    for (let i = 0; i < this.of.length; i++) {
      const source = sources.find(({ name }) => name === this.of[i])
      if (source === undefined) {
        throw new CompileError(
          'missing_source',
          `for ${this.strength} of '${this.of[i]}': it is not in FROM, which has ${sources.map(({ name }) => `'${name}'`).join(', ') || 'nothing'}.`,
        )
      }
      to.text((i === 0 ? ' of ' : ', ') + source.quotedName)
    }
    if (this.wait !== undefined) to.text(` ${this.wait}`)
  }
}

/** Whether a source has rows that a lock without names is about. */
function isLockable(source: SourceNode): boolean {
  const { kind } = source
  if (kind === 'alias') return isLockable((source as AliasNode).source)
  return (
    kind === 'table' || kind === 'only' || kind === 'tableSample' || kind === 'subquery' || kind === 'lateral'
  )
}

function lock(strength: Strength, { of = [], wait, without }: LockOptions): Clause<never, 'select'> {
  const names = (Array.isArray(of) ? of : [of]).map((source): string => {
    const node: SourceNode = requireSource(`for ${strength} of`, source).node
    return node.name
  })
  return new LockNode(strength, names, wait, without === 'ignore') as unknown as Clause<never, 'select'>
}

/**
 * Locks the rows that a select returns until the transaction ends, against every other lock; for `.add(…)`. SQLite has
 * no row locks and refuses it, unless it is told that doing without will do.
 * @example
 * ```ts
 * const next = select(posts).from(posts).orderBy(posts.id).limit(1).add(forUpdate({ wait: 'skip locked' }))
 * next.toSQL(postgresDialect).sql // '… limit $1 for update skip locked'
 * select(posts.id).from(posts).add(forUpdate({ of: posts, without: 'ignore' }))
 * // PostgreSQL: select "posts"."id" as "value" from "posts" for update of "posts"
 * // SQLite: select "posts"."id" as "value" from "posts"
 * ```
 */
export function forUpdate(options: LockOptions = {}): Clause<never, 'select'> {
  return lock('update', options)
}

/** As {@link forUpdate}, but rows may still be referred to by new foreign keys: `for no key update`. */
export function forNoKeyUpdate(options: LockOptions = {}): Clause<never, 'select'> {
  return lock('no key update', options)
}

/** Locks rows against changes, not against other such locks: `for share`. */
export function forShare(options: LockOptions = {}): Clause<never, 'select'> {
  return lock('share', options)
}

/** Locks rows against deletion and changes of their keys only: `for key share`. */
export function forKeyShare(options: LockOptions = {}): Clause<never, 'select'> {
  return lock('key share', options)
}
