import * as core from '@espalier/core'
import { sqlite } from '@espalier/dialects/sqlite'
import { expect, test } from 'vitest'
import { blocksOf, onlyDocComments } from './blocks.js'
import * as preamble from './preamble.js'
import { parse, typeErrors } from './program.js'
import { type Modules, runExample } from './run.js'
import { surroundingsOf } from './surroundings.js'

const modules: Modules = new Map<string, Readonly<Record<string, unknown>>>([
  ['preamble', preamble],
  ['@espalier/core', core],
])
const page = (...lines: string[]) => blocksOf('page.md', lines.join('\n'))

/** Runs the last example of a page. */
async function run(...lines: string[]): Promise<void> {
  await using db = sqlite(':memory:')
  await preamble.prepare(db)
  await runExample(parse(page(...lines).at(-1)!), surroundingsOf, modules, db)
}

test.each([
  ['SQL', 'lower(users.email) // upper("users"."email")', 'the SQL of this function is'],
  ['SQL on the next line', 'lower(users.email)\n// upper("users"."email")', 'the SQL of this function is'],
  ['SQL of one database', 'lower(users.email) // PostgreSQL: lower("users"."email") · SQLite: x', 'and not'],
  ['SQL with something left out', 'select(users.email).from(users) // select … from "posts"', 'and not'],
  ['a value', 'await db.scalar(select(count()).from(posts)) // 7', 'the value is 1, not 7'],
  ['a statement that the database refuses', 'select(sql`nowhere`).from(users)', 'no such column: nowhere'],
  ['code that throws', 'users.id.in(undefined!)', 'in('],
])('An example is wrong by %s, and the error says where', async (_what, code, message) => {
  const failed = run('# Page', '```ts', 'const unused = 1', code, '```')
  await expect(failed).rejects.toThrow(/^page\.md:4: /)
  await expect(failed).rejects.toThrow(message)
})

test.each([
  ['SQL', 'lower(users.email) // lower("users"."email")'],
  ['SQL with a remark', 'lower(users.email) // lower("users"."email") — of ASCII letters'],
  [
    'SQL on several lines',
    'select({ email: users.email }).from(users)\n// select "users"."email"\n//   from "users"',
  ],
  ['SQL with something left out', 'select(users.email).from(users) // select … from "users"'],
  ['a remark', 'select(users.email).from(users) // the addresses of all'],
  ['a value', 'await db.all(select(posts.title).from(posts)) // ["First"]'],
])('An example is right by %s', async (_what, code) => {
  await run('```ts', code, '```')
})

test('A block may go on after the one before it, and its lines are its own', async () => {
  const lines = [
    '```ts',
    'const mail = lower(users.email)',
    '```',
    '',
    '```ts continued',
    'mail',
    '// x',
    '```',
  ]
  await expect(run(...lines)).rejects.toThrow(/^page\.md:6: /)
})

test('What does not type-check is told with its place in a doc comment', async () => {
  const source = [
    'export const x = 1',
    '/**',
    ' * Text.',
    ' * ```ts',
    " * users.id.eq('x')",
    ' * ```',
    ' */',
    'f()',
  ]
  const blocks = blocksOf('page.md', onlyDocComments(source.join('\n')))
  expect(await typeErrors(blocks.map(parse), surroundingsOf)).toEqual([
    expect.stringMatching(/^page\.md:5: error TS2345/),
  ])
})

test('A word behind ```ts that means nothing is an error', () => {
  expect(() => page('```ts norun', '```')).toThrow("page.md:1: 'norun' is nothing that a block can be")
})
