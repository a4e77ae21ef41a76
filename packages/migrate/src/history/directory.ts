import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, extname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { MigrationError } from '../errors.js'
import type { RevisionEntry } from './history.js'
import { type LockedRevision, type LockFile, readLockFile } from './lock-file.js'
import { type ImportDefault, moduleLoader } from './module.js'
import { type Revision, type RevisionOptions, revision } from './revision.js'
import { readSource } from './source.js'

const MODULE = /(?<!\.d)\.(?:ts|mts|cts|js|mjs|cjs)$/

/** A directory of revision files as it stands. */
export interface RevisionDirectory {
  /** In the order of their files' names. */
  readonly entries: readonly RevisionEntry[]
  readonly lock: LockFile | undefined
}

/**
 * The revisions of a directory, in the order of their files' names. Every module in it is one, but those whose names
 * begin with `_` or `.`. What the lock file says of a revision that is as it was is not looked for in its file again.
 * Throws a `MigrationError` that names the file which is no revision, or which imports what is not among them.
 */
export async function readDirectory(directory: string): Promise<RevisionDirectory> {
  const path = resolve(directory)
  const names = namesIn(path).filter((name) => MODULE.test(name) && !/^[._]/.test(name))
  const lock = readLockFile(path)
  const byFile = new Map([...(lock?.revisions.values() ?? [])].map((line) => [line.file, line]))
  const sources = createSources(path)
  const load = moduleLoader(join(path, 'espalier'))
  const entries: RevisionEntry[] = []
  for (const name of names.sort()) {
    const file = join(path, name)
    const hash = sources.hashOf(file)
    const line = byFile.get(name)
    const header = line?.hash === hash ? line : await loadRevision(file, load)
    entries.push(entryOf(file, hash, header, load))
  }
  return { entries, lock }
}

function namesIn(path: string): string[] {
  try {
    return readdirSync(path)
  } catch (error) {
    throw new MigrationError(
      'invalid_history',
      `The directory of revisions cannot be read: ${path} (${(error as Error).message}). "espalier init" makes one.`,
      { cause: error },
    )
  }
}

function entryOf(
  file: string,
  hash: string,
  header: LockedRevision | Revision,
  load: ImportDefault,
): RevisionEntry {
  const { id, parents, message, labels, dependsOn, replaces } = header
  let loaded: Promise<Revision> | undefined = 'up' in header ? Promise.resolve(header) : undefined
  return {
    id,
    parents,
    message,
    labels,
    dependsOn,
    replaces,
    file,
    hash,
    load: () => {
      loaded ??= loadRevision(file, load)
      return loaded
    },
  }
}

async function loadRevision(file: string, load: ImportDefault): Promise<Revision> {
  let exported: unknown
  try {
    exported = await load(file)
  } catch (error) {
    throw new MigrationError('invalid_revision', `${file} cannot be loaded: ${(error as Error).message}`, {
      file,
      cause: error,
    })
  }
  return validate(file, exported)
}

function validate(file: string, exported: unknown): Revision {
  if (typeof exported !== 'object' || exported === null || !('up' in exported)) {
    throw new MigrationError(
      'invalid_revision',
      `${file} exports no revision: write export default revision({ … }). A file of something else has a name that ` +
        'begins with an underscore, or another place.',
      { file },
    )
  }
  try {
    return revision(exported as RevisionOptions)
  } catch (error) {
    throw new MigrationError('invalid_revision', `${file}: ${(error as Error).message}`, {
      file,
      cause: error,
    })
  }
}

/** The files of a directory by what they mean. */
function createSources(directory: string): { hashOf(file: string): string } {
  /** What the files beside the revisions mean, with all that they import themselves. */
  const helpers = new Map<string, string>()
  const meaningOf = (file: string, origin: string): string => {
    const { meaning, imports } = readSource(readFileSync(file, 'utf8'))
    const parts = imports.map((specifier) => {
      const helper = localModule(directory, file, specifier, origin)
      if (helper === undefined) return ''
      if (!helpers.has(helper)) {
        // Known before it is read, since modules may import each other.
        helpers.set(helper, '')
        helpers.set(helper, meaningOf(helper, origin))
      }
      return `\n${helpers.get(helper)}`
    })
    return meaning + parts.join('')
  }
  return { hashOf: (file) => hashOf(meaningOf(file, file)) }
}

/** The file that a revision imports from beside it; undefined for a package. An error for code of the application. */
function localModule(directory: string, file: string, specifier: string, origin: string): string | undefined {
  const path = /^\.{1,2}(?:\/|$)/.test(specifier)
    ? join(dirname(file), specifier)
    : isAbsolute(specifier)
      ? specifier
      : specifier.startsWith('file:')
        ? fileURLToPath(specifier)
        : undefined
  if (path === undefined && !specifier.startsWith('#')) return undefined
  const way = path === undefined ? '..' : relative(directory, path)
  if (path === undefined || way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way)) {
    const by = file === origin ? '' : ` (through ${basename(file)})`
    throw new MigrationError(
      'invalid_revision',
      `${origin} imports '${specifier}'${by}, which is not in the directory of revisions. A revision must do the same for ever, ` +
        'and the code of the application goes on changing: write down in the revision what it needs, such as ' +
        `table('users', { … }) as it is at that time. What several revisions share goes into a file of ${basename(directory)}/ ` +
        'whose name begins with an underscore.',
      { file: origin },
    )
  }
  return existing(path)
}

/** The module of a path as it is imported: without its ending, or with that of what it is compiled to. */
function existing(path: string): string | undefined {
  const bare = path.slice(0, path.length - extname(path).length)
  const isFile = (one: string) => existsSync(one) && statSync(one).isFile()
  return [
    path,
    ...['.ts', '.mts', '.cts', '.js', '.mjs', '.cjs'].flatMap((end) => [path + end, bare + end]),
    join(path, 'index.ts'),
    join(path, 'index.js'),
  ].find(isFile)
}

/** SHA-256 of a text as hexadecimal digits. */
export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
