import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { expect, test } from 'vitest'

// Programs that must not compile, and what TypeScript says to them, kept in messages.txt: to be read by people, as the
// authors of such programs do. The last line of a message should tell what to do.
const programs: Readonly<Record<string, string>> = {
  'a column of a table that is not in FROM':
    'db.all(select({ email: users.email, title: posts.title }).from(users))',
  'a condition on a table that is not in FROM':
    'db.all(select(users.email).from(users).where(posts.score.gt(1)))',
  'a correlated subquery in a query without its source':
    'db.all(select(orgs.name).from(orgs).where(exists(select(posts.id).from(posts).where(posts.authorId.eq(users.id)))))',
  'a parameter without a value':
    "db.all(select(users.email).from(users).where(users.email.eq(param('email', text()))))",
  'eq(null)': 'users.fullName.eq(null)',
  'a bigint column and a text': "users.id.eq('x')",
  'a bigint column and a number': 'users.id.eq(1)',
  'a bigint column and a text column': 'users.id.eq(users.email)',
  'like on a number': "users.id.like('1%')",
  'a number as a condition': 'select(users.email).from(users).where(users.orgId)',
  'a number as the condition of a join': 'select(users.email).from(users).join(posts, posts.score)',
  'a constant in a selection': "select({ kind: 'user' })",
  'an insert without a required column': 'insert(users).values({ orgId: 1 })',
  'an insert of an unknown column': "insert(users).values({ orgId: 1, email: 'x', nickname: 'y' })",
  'an insert of null where there is none': 'insert(users).values({ orgId: 1, email: null })',
  'an update of an unknown column': "update(users).set({ nickname: 'y' })",
  'an update by a function of an unknown column': 'update(users).set((t) => ({ nickname: t.email }))',
  'a new number for a column that the database numbers': 'update(events).set({ id: 1n })',
  'a row to insert without a required column': 'void ({ orgId: 1 } satisfies InsertOf<typeof users>)',
  'a row to insert with a number that the database gives':
    "void ({ id: 1n, kind: 'x' } satisfies InsertOf<typeof events>)",
  'a column of a schema that does not take what it gives': 'json(transforming)',
  'an update without where': "db.run(update(users).set({ fullName: 'x' }))",
  'a delete without where': 'db.run(deleteFrom(users))',
  'an insert from a query that lacks a column':
    'insert(users).fromSelect(select({ email: users.email }).from(users))',
  'a union of different rows':
    'select({ email: users.email }).from(users).union(select({ email: users.id }).from(users))',
  'a prepared statement with a wrong value':
    "db.prepare(select(users.email).from(users).where(users.email.eq(param('email', text())))).all({ email: 1 })",
  'a table in place of a statement': 'db.all(users)',
  'a misspelt column': 'select(users.emial).from(users)',
  'a misspelt column in a condition': "select(users.email).from(users).where(users.fullname.eq('x'))",
  'a misspelt key in an order': 'select({ email: users.email }).from(users).orderBy((row) => row.emial)',
}

test('What the compiler says to wrong programs', { timeout: 120_000 }, async () => {
  const messages = messagesOf(Object.values(programs))
  const report = Object.entries(programs).map(
    ([name, source], i) => `${name}\n  ${source}\n\n${indent(messages[i] ?? '')}\n`,
  )
  await expect(report.join('\n\n')).toMatchFileSnapshot('messages.txt')
})

const header = `import { deleteFrom, exists, type InsertOf, insert, json, param, select, text, update } from '@espalier/core'
import { events, transforming } from './inference.js'
import { db, orgs, posts, users } from './schema.js'
export const used = [deleteFrom, exists, insert, json, param, select, text, update, db, events, orgs, posts, transforming, users]
`

// Right ones before it, as in a program that somebody is writing, so that what is new to the compiler is the mistake.
const right = [
  'db.all(select({ email: users.email, title: posts.title }).from(users).leftJoin(posts, posts.authorId.eq(users.id)))',
  "db.run(insert(users).values({ orgId: 1, email: 'x' }))",
  "db.run(update(users).set({ fullName: 'x' }).where(users.id.eq(1n)))",
]

test('A wrong column costs the type checker little', { timeout: 120_000 }, () => {
  const { messages, instantiations: without } = check(right)
  expect(messages.join('')).toBe('')
  for (const [name, source] of Object.entries(programs)) {
    const cost = check([...right, source]).instantiations - without
    expect(cost, `instantiations for ${name}`).toBeLessThanOrEqual(1000)
  }
})

/** The messages of TypeScript to each of the programs. */
const messagesOf = (sources: readonly string[]): string[] => check(sources).messages

const sourceFiles = new Map<string, ts.SourceFile | undefined>()

/** What TypeScript says to each of the programs, which are the lines of one file, and what it costs to say so. */
function check(sources: readonly string[]): { messages: string[]; instantiations: number } {
  const folder = fileURLToPath(new URL('.', import.meta.url))
  const file = `${folder}wrong-programs.ts`
  const config = ts.readConfigFile(`${folder}../tsconfig.json`, ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, `${folder}..`)
  const host = ts.createCompilerHost(options)
  const text = header + sources.join('\n')
  const { getSourceFile, fileExists } = host
  host.fileExists = (name) => name === file || fileExists(name)
  host.getSourceFile = (name, ...rest) => {
    if (name === file) return ts.createSourceFile(name, text, ts.ScriptTarget.ES2022, true)
    if (!sourceFiles.has(name)) sourceFiles.set(name, getSourceFile(name, ...rest))
    return sourceFiles.get(name)
  }
  const program = ts.createProgram([file], options, host) as ts.Program & { getInstantiationCount(): number }
  const first = header.split('\n').length - 1
  const messages = sources.map((): string[] => [])
  for (const { start, messageText } of program.getSemanticDiagnostics(program.getSourceFile(file))) {
    const line = ts.getLineAndCharacterOfPosition(program.getSourceFile(file)!, start!).line
    messages[line - first]?.push(ts.flattenDiagnosticMessageText(messageText, '\n'))
  }
  return {
    messages: messages.map((all) => all.join('\n')),
    instantiations: program.getInstantiationCount(),
  }
}

/** Indented, and long types cut in the middle of nowhere, as editors show them. */
function indent(message: string): string {
  return message
    .split('\n')
    .map((line) => `    ${line.length > 230 ? `${line.slice(0, 228)} …` : line}`)
    .join('\n')
}
