import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { MigrationError } from '../errors.js'
import { origin, type PulledFile } from './modules.js'

/** What has become, or would become, of the files of a schema. */
export interface FileChanges {
  /** Their paths. */
  readonly written: readonly string[]
  readonly unchanged: readonly string[]
  /** Files of an earlier pull that are not among those of this one. */
  readonly removed: readonly string[]
}

/** How files are written. */
export interface WriteOptions {
  /** Only tells what would be done. */
  readonly dryRun?: boolean | undefined
  /** Overwrites files that somebody else wrote, or changed. */
  readonly force?: boolean | undefined
}

/**
 * Writes the files of a schema into a directory, and removes those of an earlier pull that are no more. A file that was not
 * written so, or was changed since, is left alone: a `MigrationError` that names it, before anything is written.
 */
export async function writeFiles(
  directory: string,
  files: readonly PulledFile[],
  { dryRun, force }: WriteOptions = {},
): Promise<FileChanges> {
  const written: string[] = []
  const unchanged: string[] = []
  const kept: string[] = []
  const wanted = new Map(files.map(({ path, text }) => [resolve(directory, path), text]))
  for (const [path, text] of wanted) {
    const there = await contentOf(path)
    if (there === text) unchanged.push(path)
    else {
      if (there !== undefined && origin(there) !== 'pulled') kept.push(path)
      written.push(path)
    }
  }
  if (kept.length > 0 && force !== true && dryRun !== true) throw foreign(kept)
  const removed = files.length > 1 ? await leftOvers(directory, wanted) : []
  if (dryRun !== true) {
    for (const path of written) {
      await mkdir(dirname(path), { recursive: true })
      await writeFile(path, wanted.get(path) as string)
    }
    for (const path of removed) await rm(path)
  }
  return { written, unchanged, removed }
}

async function contentOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new MigrationError('cannot_write', `${path} cannot be read: ${(error as Error).message}`, {
      file: path,
      cause: error,
    })
  }
}

/** Files of an earlier pull, as it wrote them, that this one has not. */
async function leftOvers(directory: string, wanted: ReadonlyMap<string, string>): Promise<string[]> {
  const names = await readdir(directory).catch(() => [])
  const paths = names.filter((name) => name.endsWith('.ts')).map((name) => join(resolve(directory), name))
  const found: string[] = []
  for (const path of paths.filter((one) => !wanted.has(one)).sort()) {
    if (origin((await contentOf(path)) ?? '') === 'pulled') found.push(path)
  }
  return found
}

function foreign(paths: readonly string[]): MigrationError {
  const names = paths.map((path) => relative(process.cwd(), path).split(sep).join('/') || path)
  return new MigrationError(
    'file_exists',
    `${names.join(', ')} ${names.length === 1 ? 'was' : 'were'} written or changed by hand, so nothing was written. ` +
      'Move it away, give another place by --out, or overwrite it by --force.',
    { file: paths[0] },
  )
}
