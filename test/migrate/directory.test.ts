import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sqlite } from '@espalier/dialects/sqlite'
import { createMigrator, type Migrator } from '@espalier/migrate'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { temporaryDirectory } from './databases.js'
import { install } from './installation.js'

const root = temporaryDirectory()
beforeAll(async () => void (await install(root)))
let count = 0
let directory: string
let db: ReturnType<typeof sqlite>
let migrator: Migrator
beforeEach(() => {
  directory = join(root, `revisions ${count++}`)
  mkdirSync(directory)
  db = sqlite(':memory:')
  migrator = createMigrator({ db, directory })
})
afterEach(() => db.close())

const write = (name: string, text: string) => writeFileSync(join(directory, name), text)
const empty = (id: string, ...parents: string[]) =>
  `import { revision } from '@espalier/migrate'\nexport default revision({ id: '${id}', parents: ${JSON.stringify(parents)}, message: '${id}', up: [] })\n`

describe('a directory of revisions', () => {
  it('has TypeScript and JavaScript, ESM and CJS, and nothing is built', async () => {
    write(
      '20260101T000000_typescript.ts',
      `import { type Column, table, integer, text, insert } from '@espalier/core'
import { createTable, revision, type Operation } from '@espalier/migrate'
enum Kind { first = 1 }
const items = table('items', { id: integer().primaryKey(), name: text() })
const up: Operation[] = [createTable(items)]
export default revision({ id: 'ts', parents: [], message: 'TypeScript', up: [...up, insert(items).values({ id: Kind.first, name: 'x' })] })
`,
    )
    write('20260102T000000_esm.mjs', empty('esm', 'ts'))
    write(
      '20260103T000000_cjs.cjs',
      `const { revision, execute } = require('@espalier/migrate')
const { sql } = require('@espalier/core')
module.exports = revision({ id: 'cjs', parents: ['esm'], message: 'CJS', up: [execute(sql.statement\`delete from items\`, { reverse: 'nothing' })] })
`,
    )
    write(
      '20260104T000000_plain.js',
      `exports.__esModule = true
exports.default = { id: 'plain', parents: ['cjs'], message: 'not even revision(…)', up: [] }
`,
    )
    write('_helper.ts', 'export const helper = 1')
    write('.hidden.ts', 'throw new Error()')
    write('types.d.ts', 'export {}')
    write('readme.md', '# not code')
    expect((await migrator.upgrade()).revisions.map(({ id }) => id)).toEqual(['ts', 'esm', 'cjs', 'plain'])
    expect((await migrator.history()).map(({ file }) => file?.slice(directory.length + 1))).toEqual([
      '20260101T000000_typescript.ts',
      '20260102T000000_esm.mjs',
      '20260103T000000_cjs.cjs',
      '20260104T000000_plain.js',
    ])
    await migrator.downgrade('esm')
  })

  it('tells which files were edited; their looks do not count', async () => {
    write('1.ts', empty('a'))
    write('2.ts', empty('b', 'a'))
    await migrator.upgrade()
    write('1.ts', `// a word more\n${empty('a').replaceAll('\n', '\r\n').replace('up: []', 'up: [\n],')}`)
    write('2.ts', empty('b', 'a').replace('up: []', 'up: [], down: []'))
    expect((await migrator.history()).map(({ edited }) => edited)).toEqual([false, true])
    expect((await migrator.upgrade()).edited).toEqual(['b'])
  })

  it('reads files anew each time', async () => {
    write('1.ts', empty('a'))
    expect((await migrator.history()).map(({ message }) => message)).toEqual(['a'])
    write('1.ts', empty('a').replace("message: 'a'", "message: 'changed'"))
    write('2.ts', empty('b', 'a'))
    expect((await migrator.history()).map(({ message }) => message)).toEqual(['changed', 'b'])
  })

  it.each([
    [
      'no revision',
      'export const x = 1',
      /1\.ts exports no revision: write export default revision\(\{ … \}\)/,
    ],
    ['nothing', '', /1\.ts exports no revision/],
    ['a syntax error', 'export default {{', /1\.ts cannot be loaded: /],
    ['an error of its own', 'throw new Error("oh no")', /1\.ts cannot be loaded: oh no/],
    ['an import that is missing', 'import "./nowhere.js"', /1\.ts cannot be loaded: .*nowhere/],
    [
      'a revision that is not valid',
      'export default { id: "a b", parents: [], message: "", up: [] }',
      /1\.ts: Revision 'a b' is not valid: id: /,
    ],
    [
      'an operation that is not valid',
      `import { revision } from '@espalier/migrate'\nexport default revision({ id: 'a', parents: [], message: 'm', up: ['drop table x'] })`,
      /1\.ts.*up\[0\]: a text is not run as SQL/,
    ],
  ])('names the file that has %s', async (_, text, message) => {
    write('1.ts', text)
    await expect(migrator.upgrade()).rejects.toThrow(message)
    await expect(migrator.upgrade()).rejects.toMatchObject({
      code: 'invalid_revision',
      file: join(directory, '1.ts'),
    })
  })

  it('names files in errors of the graph', async () => {
    write('1.ts', empty('a'))
    write('2.ts', empty('b', 'x'))
    await expect(migrator.upgrade()).rejects.toThrow(/'b' in 2\.ts builds on 'x', which is not there/)
    write('2.ts', empty('a'))
    await expect(migrator.upgrade()).rejects.toThrow(
      /Two revisions have the id 'a': 'a' in 1\.ts and 'a' in 2\.ts/,
    )
  })

  it('must be there', async () => {
    await expect(createMigrator({ db, directory: join(root, 'nowhere') }).current()).rejects.toThrow(
      /The directory of revisions cannot be read: .*nowhere/,
    )
    await expect(createMigrator({ db } as never).current()).rejects.toThrow(
      /needs a directory of revision files, or revisions/,
    )
  })
})
