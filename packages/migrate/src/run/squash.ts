import { writeFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import type { Dialect } from '@espalier/core'
import { MigrationError } from '../errors.js'
import { readDirectory } from '../history/directory.js'
import { revisionFiles } from '../history/files.js'
import { createHistory, nameOf, type RevisionEntry } from '../history/history.js'
import { fileName, headerText, newId } from '../history/new-file.js'
import { reverseOf } from '../history/revision.js'
import { branchOf, onlyHead, parseTarget, placesOf } from '../history/target.js'
import type { Operation } from '../operations/operation.js'
import { planOperations, sqlOf } from './plan.js'

/** What {@link squash} is given. */
export interface SquashOptions {
  readonly directory: string
  /** The dialect in which the baseline is written: that of the database, `db.dialect`. */
  readonly dialect: Dialect
  /** Up to where the history is squashed; the only head if left out. */
  readonly target?: string | undefined
  readonly message?: string | undefined
  /** The id of the baseline; made if left out. */
  readonly id?: string | undefined
  /**
   * Leaves out what no statement can say beforehand: code, and changes of SQLite's tables that depend on what is there.
   * Default: false, an error that lists them.
   */
  readonly skipCode?: boolean | undefined
}

/** A baseline that was written. */
export interface SquashResult {
  readonly id: string
  readonly file: string
  /** The ids that it stands for, the last of which builds on all others. */
  readonly replaces: readonly string[]
  /** The files that can be deleted once every database has the baseline. */
  readonly files: readonly string[]
  /** How many statements it has. */
  readonly statements: number
  /** Whether it can be undone: every revision that it stands for could. */
  readonly reversible: boolean
  /** Operations that were left out, since no statement can say them beforehand. */
  readonly skipped: readonly string[]
}

/**
 * Writes a baseline: one revision with all the statements of the revisions up to a target, which it stands for. A new
 * database runs the baseline; one that has applied all of these counts as having it; one that has applied some of them
 * applies the others first, as long as their files are there.
 * @example
 * ```ts no-run
 * const { file, replaces } = await squash({ directory: 'migrations', dialect: db.dialect })
 * ```
 */
export async function squash(options: SquashOptions): Promise<SquashResult> {
  const { dialect, skipCode = false } = options
  const directory = resolve(options.directory)
  const { entries } = await readDirectory(directory)
  const history = createHistory(entries)
  const target = targetOf(history, options.target)
  const below = history.ancestors([target])
  const squashed = history.entries.filter((entry) => below.has(entry.id))
  if (squashed.length < 2) {
    throw new MigrationError(
      'unknown_target',
      `There is nothing to squash: ${nameOf(history.get(target) as RevisionEntry)} builds on no other revision.`,
    )
  }
  const replaces = squashed.flatMap((entry) => [...entry.replaces, entry.id])
  const id = options.id ?? newId((other) => history.get(other) !== undefined)
  const message = options.message ?? `baseline of ${squashed.length} revisions up to ${target}`

  const up: Part[] = []
  const down: Part[] = []
  const skipped: string[] = []
  const lost: string[] = []
  let reversible = true
  for (const entry of squashed) {
    const revision = await entry.load()
    const name = `${entry.id} ${entry.message}`
    up.push({ name, statements: statementsOf(entry, revision.up, dialect, skipped) })
    const reverse = reverseOf(revision)
    if ('obstacles' in reverse) reversible = false
    else down.unshift({ name, statements: statementsOf(entry, reverse, dialect, lost) })
  }
  if (lost.length > 0) reversible = false
  if (skipped.length > 0 && !skipCode) {
    throw new MigrationError(
      'not_sql',
      `The baseline would lack what no statement can say beforehand: ${skipped.join('; ')}. Leave it out by --skip-code ` +
        '(skipCode), and add to the baseline by hand what a new database needs of it.',
    )
  }

  const names = entries.map((entry) => basename(entry.file ?? ''))
  const file = join(directory, fileName(message, new Date(), names))
  const header = headerText({ id, parents: [], message, labels: [], dependsOn: [], replaces })
  await writeFile(file, moduleText(header, up, reversible ? down : undefined), { flag: 'wx' })
  await revisionFiles({ directory }).accept([id])
  return {
    id,
    file,
    replaces,
    files: squashed.map((entry) => entry.file as string),
    statements: up.reduce((sum, { statements }) => sum + statements.length, 0),
    reversible,
    skipped,
  }
}

/** The statements of one of the revisions. */
interface Part {
  readonly name: string
  readonly statements: readonly string[]
}

function targetOf(history: ReturnType<typeof createHistory>, text: string | undefined): string {
  const target = parseTarget(text ?? 'head')
  const places =
    text === undefined
      ? onlyHead(history)
      : placesOf(history, target.symbol ?? '', branchOf(history, target), new Set()).map(({ id }) => id)
  const [only, ...others] = places
  if (only !== undefined && others.length === 0 && target.offset === 0) return only
  throw new MigrationError(
    'unknown_target',
    text === undefined
      ? 'There are no revisions to squash.'
      : `'${text}' names no single revision to squash up to.`,
  )
}

function statementsOf(
  entry: RevisionEntry,
  operations: readonly Operation[],
  dialect: Dialect,
  skipped: string[],
): readonly string[] {
  return planOperations(entry, operations, dialect).flatMap((planned, i) => {
    const { operation } = planned
    const isOpen = planned.statements.length === 0 && operation.perform?.(dialect) !== undefined
    if (operation.run !== undefined || isOpen) {
      skipped.push(`${nameOf(entry)}, operation ${i + 1} (${operation.description})`)
    }
    return sqlOf(planned, dialect)
  })
}

function moduleText(header: string, up: readonly Part[], down: readonly Part[] | undefined): string {
  const list = (parts: readonly Part[]) =>
    parts
      .filter(({ statements }) => statements.length > 0)
      .flatMap(({ name, statements }) => [
        `    // ${name.replaceAll(/\s+/gu, ' ')}`,
        ...statements.map((text) => `    sql.statement\`${templateText(text)}\`,`),
      ])
  const field = (name: string, parts: readonly Part[]) => [`  ${name}: [`, ...list(parts), '  ],']
  const fields = [...field('up', up), ...(down === undefined ? [] : field('down', down))]
  const usesSql = fields.some((line) => line.includes('sql.statement`'))
  return [
    ...(usesSql ? ["import { sql } from '@espalier/core'"] : []),
    "import { revision } from '@espalier/migrate'",
    '',
    'export default revision({',
    header,
    ...fields,
    '})',
    '',
  ].join('\n')
}

/** A text within a template of JavaScript. */
function templateText(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('`', '\\`').replaceAll('${', '\\${').replaceAll('\r', '\\r')
}
