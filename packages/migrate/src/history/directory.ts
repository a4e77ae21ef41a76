import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { MigrationError } from '../errors.js'
import type { RevisionEntry } from './history.js'
import { importDefault } from './module.js'
import { type Revision, type RevisionOptions, revision } from './revision.js'

const MODULE = /(?<!\.d)\.(?:ts|mts|cts|js|mjs|cjs)$/

/**
 * The revisions of a directory, in the order of their files' names. Every module in it is one, but those whose names
 * begin with `_` or `.`. Throws a `MigrationError` that names the file which is none.
 */
export async function readDirectory(directory: string): Promise<readonly RevisionEntry[]> {
  const path = resolve(directory)
  let names: string[]
  try {
    names = await readdir(path)
  } catch (error) {
    throw new MigrationError(
      'invalid_history',
      `The directory of revisions cannot be read: ${path} (${(error as Error).message}). "espalier init" makes one.`,
      { cause: error },
    )
  }
  const files = names.filter((name) => MODULE.test(name) && !/^[._]/.test(name)).sort()
  return Promise.all(files.map((name) => readRevision(join(path, name))))
}

async function readRevision(file: string): Promise<RevisionEntry> {
  const text = await readFile(file, 'utf8')
  let exported: unknown
  try {
    exported = await importDefault(file)
  } catch (error) {
    throw new MigrationError('invalid_revision', `${file} cannot be loaded: ${(error as Error).message}`, {
      file,
      cause: error,
    })
  }
  return { ...validate(file, exported), file, hash: hashOf(text) }
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

/** SHA-256 of a text as hexadecimal digits. The kind of line ends, which version control may change, does not count. */
export function hashOf(text: string): string {
  return createHash('sha256').update(text.replaceAll('\r\n', '\n')).digest('hex')
}
