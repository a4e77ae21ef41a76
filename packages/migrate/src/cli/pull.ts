import { basename, dirname, relative, resolve } from 'node:path'
import type { CatalogProblem } from '@espalier/core'
import { type Command, Option } from 'commander'
import { type FileChanges, writeFiles } from '../pull/files.js'
import { type PullSummary, pullSchema, type Split } from '../pull/index.js'
import { readCatalog, type SelectionOptions, withSelection } from './catalog.js'
import { answer, CheckFailed, command } from './command.js'
import { colorsOf, type Terminal } from './terminal.js'

interface Options extends SelectionOptions {
  readonly out?: string
  readonly split?: Split
  readonly check?: boolean
  readonly force?: boolean
}

const EXAMPLES = [
  'espalier pull                                  # write schema.ts',
  'espalier pull --out src/schema.ts --check      # 3 where the file is not what the database says',
  'espalier pull --split table --out src/schema   # a file for each table',
  "espalier pull --schema auth --exclude 'log_*'  # a part of it",
]

/** `espalier pull`: writes the schema of the database as TypeScript. */
export function pullCommand(terminal: Terminal): Command {
  return withSelection(command('pull', 'write the schema of the database as TypeScript', EXAMPLES))
    .option('-o, --out <path>', 'the file, or with --split the directory (default: schema.ts, schema)')
    .addOption(new Option('--split <by>', 'a file for each schema or table').choices(['schema', 'table']))
    .option('--check', 'write nothing, and say whether the files are what the database says')
    .option('--force', 'overwrite files that were written or changed by hand')
    .action(async (options: Options) => {
      const { split, check, force, out = split === undefined ? 'schema.ts' : 'schema' } = options
      const { files, summary } = await pullSchema(await readCatalog(options, terminal), { split })
      const path = resolve(terminal.cwd, out)
      const [directory, named] =
        split === undefined
          ? [dirname(path), files.map((file) => ({ ...file, path: basename(path) }))]
          : [path, files]
      const changes = await writeFiles(directory, named, { dryRun: check, force })
      const shown = (list: readonly string[]) => list.map((file) => relative(terminal.cwd, file) || file)
      const plain = {
        written: shown(changes.written),
        unchanged: shown(changes.unchanged),
        removed: shown(changes.removed),
      }
      answer(terminal, options, { ...plain, ...summary }, () =>
        check === true ? checked(plain, terminal) : report(plain, summary, terminal),
      )
      if (check === true && plain.written.length + plain.removed.length > 0) throw new CheckFailed()
    })
}

function checked({ written, removed }: FileChanges, terminal: Terminal): string {
  const { green, yellow } = colorsOf(terminal)
  const names = [...written, ...removed]
  if (names.length === 0) return green('The files are what the database says.')
  return `${yellow('The database has another schema than')} ${names.join(', ')}. "espalier pull" writes it anew.`
}

function report(
  { written, unchanged, removed }: FileChanges,
  summary: PullSummary,
  terminal: Terminal,
): string {
  const { bold, yellow, dim } = colorsOf(terminal)
  const { objects, rawExpressions, problems } = summary
  const counts = Object.entries(objects).map(
    ([kind, count]) => `${count} ${count === 1 ? kind : plural(kind)}`,
  )
  const files = written.length > 3 ? `${written.length} files` : written.join(', ')
  const said = counts.length === 0 ? 'The database is empty.' : `${counts.join(', ')}.`
  return [
    ...(written.length > 0
      ? [`Wrote ${bold(files)}: ${said}`]
      : [`${unchanged.length === 1 ? unchanged[0] : 'All files'} as before: ${said}`]),
    ...(removed.length > 0 ? [`Removed ${removed.join(', ')}, which the database has no more.`] : []),
    ...(rawExpressions > 0
      ? [
          dim(
            `${rawExpressions === 1 ? '1 expression is SQL, since no builder makes it' : `${rawExpressions} expressions are SQL, since no builder makes them`}.`,
          ),
        ]
      : []),
    ...(problems.length > 0
      ? [yellow('Not in the files, or not wholly:'), ...problems.map(problemLine)]
      : []),
  ].join('\n')
}

function problemLine({ object: { kind, schema, table, name }, message }: CatalogProblem): string {
  const path = [schema, table, name].filter((part) => part !== undefined).join('.')
  return `  ${kind} ${path}: ${message}`
}

function plural(kind: string): string {
  return kind.endsWith('x') ? `${kind}es` : kind.endsWith('y') ? `${kind.slice(0, -1)}ies` : `${kind}s`
}
