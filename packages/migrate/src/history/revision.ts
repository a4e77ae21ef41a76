import { z } from 'zod'
import { MigrationError } from '../errors.js'
import { type Irreversible, isIrreversible, type Operation } from '../operations/operation.js'
import { type Step, toOperation } from '../operations/to-operation.js'

/** What a revision is called, and where it stands in the history. */
export interface RevisionHeader {
  readonly id: string
  /** The ids of the revisions that it builds on: none for the first, several where branches meet. */
  readonly parents: readonly string[]
  /** What it changes, for people. */
  readonly message: string
  /** Names of the branch that it is on, by which targets name it: `billing@head`. */
  readonly labels: readonly string[]
  /** Ids or labels of revisions of other branches that must be applied before it. */
  readonly dependsOn: readonly string[]
  /** If it is a baseline: the ids of the revisions that it stands for, the last of which builds on all others. */
  readonly replaces: readonly string[]
}

/** One step in the history of a schema: what changes, and what it builds on. */
export interface Revision extends RevisionHeader {
  readonly up: readonly Operation[]
  /** What undoes it; derived from `up` if left out. */
  readonly down: readonly Operation[] | undefined
}

/** What {@link revision} is given. */
export interface RevisionOptions {
  /** Letters, digits and underscores; unique in the history. */
  readonly id: string
  readonly parents: readonly string[]
  /** What it changes, for people. */
  readonly message: string
  /** Names of the branch that it is on: `labels: ['billing']` makes `billing@head` a target. */
  readonly labels?: readonly string[] | undefined
  /** Ids or labels of revisions of other branches that must be applied before it. */
  readonly dependsOn?: readonly string[] | undefined
  /** The ids that a baseline stands for, the last of which builds on all others; `espalier squash` writes it. */
  readonly replaces?: readonly string[] | undefined
  readonly up: readonly Step[]
  /** Leave it out to have `up` reversed, last operation first. */
  readonly down?: readonly Step[] | undefined
}

/** Words that stand for places in the history. */
const RESERVED = new Set(['head', 'heads', 'base', 'current'])

const name = (article: string, noun: string) =>
  z
    .string({ error: `${article} ${noun} is a text of letters, digits and underscores` })
    .regex(/^[A-Za-z0-9_]{1,64}$/, `${article} ${noun} has 1 to 64 letters, digits and underscores`)
    .refine(
      (text) => !RESERVED.has(text),
      `head, heads, base and current are not ${noun}s: they are places in the history`,
    )

const id = name('an', 'id')

const steps = z
  .array(z.unknown(), { error: 'is a list of operations: [createTable(…), …]' })
  .transform((list, context) =>
    list.flatMap((step, i) => {
      const operation = toOperation(step)
      if (typeof operation !== 'string') return [operation]
      context.addIssue({ code: 'custom', message: operation, path: [i], input: step })
      return []
    }),
  )

const schema = z.strictObject(
  {
    id,
    parents: z.array(id, { error: 'is a list of ids; the first revision has none: parents: []' }),
    message: z.string({ error: 'is a text that says what the revision changes' }),
    labels: z
      .array(name('a', 'label'), { error: "is a list of names of its branch: ['billing']" })
      .default([]),
    dependsOn: z.array(id, { error: 'is a list of ids or labels of other branches' }).default([]),
    replaces: z.array(id, { error: 'is a list of the ids that a baseline stands for' }).default([]),
    up: steps,
    down: steps.optional(),
  },
  {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? `has no ${(issue.keys as readonly string[]).join(', ')}; there are id, parents, message, labels, dependsOn, replaces, up, down`
        : 'is an object: revision({ id, parents, message, up })',
  },
)

/**
 * A revision, as the default export of its file. `down` is derived: every operation of `up` is reversed, the last one
 * first. Throws a `MigrationError` that names what is wrong with it.
 * @example
 * ```ts
 * const users = table('users', { id: bigint().primaryKey(), fullName: text('full_name'), firstName: text('first_name') })
 *
 * export default revision({
 *   id: '7c1f0a', parents: ['2b7e1f'], message: 'split full name',
 *   up: [
 *     addColumn('users', { firstName: text('first_name') }),
 *     execute(update(users).set({ firstName: splitPart(users.fullName, ' ', 1) }).everyRow(), { reverse: 'nothing' }),
 *   ],
 * })
 * ```
 */
export function revision(options: RevisionOptions): Revision {
  const result = schema.safeParse(options)
  if (result.success) return { ...result.data, down: result.data.down }
  const name = typeof options?.id === 'string' ? ` '${options.id}'` : ''
  const problems = result.error.issues.map(({ path, message }) => {
    const [field, ...rest] = path
    const place =
      field === undefined ? 'it' : `${String(field)}${rest.map((part) => `[${String(part)}]`).join('')}`
    return `${place}: ${message}`
  })
  throw new MigrationError('invalid_revision', `Revision${name} is not valid: ${problems.join('; ')}`)
}

/** An operation that stands in the way of undoing its revision. */
export interface Obstacle extends Irreversible {
  /** Its place in `up`, counted from 1. */
  readonly number: number
  readonly operation: Operation
}

/** What undoes a revision, or the operations that cannot be undone. */
export function reverseOf(
  revision: Revision,
): readonly Operation[] | { readonly obstacles: readonly Obstacle[] } {
  if (revision.down !== undefined) return revision.down
  const operations: Operation[] = []
  const obstacles: Obstacle[] = []
  revision.up.forEach((operation, i) => {
    const reverse = operation.reverse()
    if (isIrreversible(reverse)) obstacles.push({ ...reverse, number: i + 1, operation })
    else operations.unshift(reverse)
  })
  return obstacles.length > 0 ? { obstacles } : operations
}
