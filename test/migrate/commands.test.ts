import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sqlite } from '@espalier/dialects/sqlite'
import { createMigrator, revisionFiles } from '@espalier/migrate'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { runCommand } from './command-line.js'
import { temporaryDirectory } from './databases.js'
import { install } from './installation.js'

const root = temporaryDirectory()
beforeAll(async () => void (await install(root)))
let count = 0
let cwd: string
beforeEach(() => {
  cwd = join(root, `project ${count++}`)
  mkdirSync(join(cwd, 'migrations'), { recursive: true })
  writeFileSync(
    join(cwd, 'espalier.config.ts'),
    `import { sqlite } from '@espalier/dialects/sqlite'
export default { directory: 'migrations', database: () => sqlite(${JSON.stringify(join(cwd, 'app.db'))}) }
`,
  )
})

const espalier = (...args: string[]) => runCommand(cwd, args)
const inDirectory = (name: string) => join(cwd, 'migrations', name)
const read = (name: string) => readFileSync(inDirectory(name), 'utf8')

/** Writes a revision by hand; its file is `<id>.ts`. */
function write(id: string, parents: string, fields = 'up: []'): void {
  const list = JSON.stringify(parents.split(' ').filter((parent) => parent !== ''))
  writeFileSync(
    inDirectory(`${id}.ts`),
    `import { revision } from '@espalier/migrate'
export default revision({ id: '${id}', parents: ${list}, message: 'about ${id}', ${fields} })
`,
  )
}

/** a <- b1, b2 <- c, and d on c. */
async function diamond(): Promise<void> {
  write('a', '')
  write('b1', 'a')
  write('b2', 'a', "labels: ['side'], up: []")
  write('c', 'b1 b2')
  write('d', 'c')
  await espalier('accept', '--all')
}

async function answerOf(...args: string[]): Promise<string> {
  const { code, out, err } = await espalier(...args)
  expect({ code, err }).toEqual({ code: 0, err: '' })
  return out
}

describe('what is asked of the files alone', () => {
  it('heads, branches and show', async () => {
    expect(await answerOf('heads')).toBe('There are no revisions.\n')
    expect(await answerOf('branches')).toBe('There are no branches.\n')
    await diamond()
    expect(await answerOf('heads')).toBe('d about d (head)\n')
    expect(await answerOf('heads', '--verbose')).toBe('d about d (head)\n  parents:  c\n  file:     d.ts\n')
    expect(await answerOf('branches')).toBe('a about a\n  -> b1 about b1\n  -> b2 about b2 (label side)\n')
    expect(await answerOf('show', 'side')).toBe(
      `b2 about b2\nparents:   a\nlabels:    side\nfile:      ${inDirectory('b2.ts')}\nup:\n  nothing\ndown:\n  nothing\n`,
    )
    expect(JSON.parse(await answerOf('heads', '--json'))).toMatchObject([
      { id: 'd', parents: ['c'], isHead: true },
    ])
    expect((await espalier('show', 'x')).err).toMatch(/^error: There is no revision 'x'/)
    expect((await espalier('show', 'base')).err).toMatch(/'base' names no revision/)
  })

  it('show says what cannot be undone', async () => {
    write(
      'a',
      '',
      `up: [sql.statement\`select 1\`, execute(sql.statement\`select 2\`, { reverse: 'nothing' })]`,
    )
    writeFileSync(
      inDirectory('a.ts'),
      `import { sql } from '@espalier/core'\nimport { execute } from '@espalier/migrate'\n${read('a.ts')}`,
    )
    expect(await answerOf('show', 'a')).toMatch(
      /up:\n {2}1\. sql: select 1\n {2}2\. sql: select 2\ndown:\n {2}operation 1 cannot be undone: nothing says how/,
    )
  })

  it('graph draws the history in the terminal, for Mermaid and as SVG', async () => {
    await diamond()
    expect(await answerOf('graph')).toBe(
      [
        '●    d about d (head)',
        '●    c about c',
        '├─╮',
        '│ ●  b2 about b2 (label side)',
        '●    b1 about b1'.replace('●  ', '● │'),
        '├─╯',
        '●    a about a',
        '',
      ].join('\n'),
    )
    expect(await answerOf('graph', '--range', 'c:')).toBe('●  d about d (head)\n●  c about c\n')
    await espalier('upgrade', 'b1')
    expect(await answerOf('graph', '--applied', '-r', ':b1')).toBe('◉  b1 about b1 (current)\n●  a about a\n')
    expect(await answerOf('graph', '-f', 'mermaid', '-r', ':b1')).toBe(
      'flowchart BT\n  r0["a<br/>about a"]\n  r1["b1<br/>about b1"]\n  r0 --> r1\n',
    )
    expect(await answerOf('graph', '-f', 'svg', '-o', 'x.svg')).toBe(`Wrote ${join(cwd, 'x.svg')}\n`)
    const svg = readFileSync(join(cwd, 'x.svg'), 'utf8')
    expect(svg.match(/<circle/g)).toHaveLength(5)
    expect(svg.match(/<path class="parent"/g)).toHaveLength(5)
  })
})

describe('espalier revision', () => {
  it('begins branches with labels and dependencies, and sorts by time', async () => {
    const first = JSON.parse(await answerOf('revision', '-m', 'first', '--id', 'core1', '--json'))
    expect(first).toMatchObject({ id: 'core1', parents: [], labels: [], dependsOn: [] })
    await answerOf(
      'revision',
      '-m',
      'billing',
      '-p',
      'base',
      '--label',
      'billing',
      '-d',
      'core1',
      '--id',
      'bill1',
    )
    await answerOf('revision', '-m', 'more', '-p', 'billing@head', '--id', 'bill2')
    const list = JSON.parse(await answerOf('history', '--json'))
    expect(list).toMatchObject([
      { id: 'core1', dependencies: [] },
      { id: 'bill1', labels: ['billing'], dependencies: ['core1'], parents: [] },
      { id: 'bill2', parents: ['bill1'] },
    ])
    expect((await espalier('revision', '-m', 'x', '--id', 'core1', '-p', 'base')).err).toMatch(
      /There is a revision 'core1' already/,
    )
    expect((await espalier('revision', '-m', 'x', '-l', 'billing', '-p', 'base')).err).toMatch(
      /The label 'billing' is taken already, by 'bill1'/,
    )
    expect((await espalier('revision', '-m', 'x', '--id', 'head', '-p', 'base')).err).toMatch(
      /id: head, heads, base and current are not ids/,
    )
    expect((await espalier('revision', '-m', 'x', '-p', '+1')).err).toMatch(
      /counts from what a database is at/,
    )
    expect(readdirSync(join(cwd, 'migrations')).filter((name) => name.endsWith('.ts'))).toHaveLength(3)
  })

  it('writes what a template of the configuration says', async () => {
    const config = join(cwd, 'espalier.config.ts')
    writeFileSync(
      config,
      readFileSync(config, 'utf8').replace(
        "directory: 'migrations'",
        "directory: 'migrations', template: ({ id, parents, message }) => `// ours\\nexport default { id: '${id}', parents: ${JSON.stringify(parents)}, message: '${message}', up: [] }\\n`",
      ),
    )
    const { file } = JSON.parse(await answerOf('revision', '-m', 'x', '--json'))
    expect(readFileSync(file, 'utf8')).toMatch(/^\/\/ ours\n/)
    expect(await answerOf('upgrade')).toContain('The database is at')
  })

  it('edit opens it in the editor of the environment', async () => {
    await answerOf('revision', '-m', 'x', '--id', 'one')
    const script = join(cwd, "it's an editor.mjs")
    writeFileSync(
      script,
      "import { appendFileSync } from 'node:fs'\nappendFileSync(process.argv[2], '// seen\\n')\n",
    )
    const { EDITOR, VISUAL } = process.env
    try {
      delete process.env.VISUAL
      process.env.EDITOR = `${process.execPath} "${script}"`
      const { file } = JSON.parse(await answerOf('edit', 'one', '--json'))
      expect(readFileSync(file, 'utf8')).toMatch(/\/\/ seen\n$/)
      process.env.EDITOR = 'exit 5;'
      expect(await espalier('edit')).toMatchObject({
        code: 1,
        err: expect.stringMatching(/ended with the exit code 5/),
      })
    } finally {
      process.env.EDITOR = EDITOR ?? ''
      process.env.VISUAL = VISUAL ?? ''
    }
  })
})

describe('where the database is', () => {
  it('stamp, current and history tell', async () => {
    await diamond()
    expect(await espalier('current', '--check')).toMatchObject({ code: 3, out: '0 applied, 5 pending\n' })
    expect(await answerOf('stamp', 'b1', 'b2')).toBe(
      'counts as applied now: a, b1, b2\nThe database is at b1, b2.\n',
    )
    expect(await answerOf('history', '--range', '-1:b1')).toMatch(
      /^a .*about a\nb1 .*about b1 \(current\)\n$/,
    )
    expect(await answerOf('upgrade')).toContain('The database is at d.')
    expect(await espalier('current', '--check')).toMatchObject({
      code: 0,
      out: 'd about d\n5 applied, 0 pending\n',
    })
    expect(await answerOf('current', '-v')).toMatch(
      /^d about d applied \d{4}-\S+ \S+ in \d+ ms by version \d+\.\d+\.\d+\n/,
    )
    expect(await answerOf('history', '-v', '-r', 'd:')).toMatch(
      /^d .* about d \(head, current\)\n {2}parents: {2}c\n {2}file: {5}d\.ts\n {2}applied: {2}.*, in \d+ ms, by version \d/,
    )
    expect(await answerOf('stamp', 'base')).toBe(
      'does not count as applied any more: a, b1, b2, c, d\nNo revision is applied.\n',
    )
    expect((await espalier('stamp')).code).toBe(2)
  })

  it('a revision without a file is told, and forgotten on purpose', async () => {
    write('a', '')
    write('b', 'a')
    await answerOf('upgrade')
    rmSync(inDirectory('b.ts'))
    const { code, err } = await espalier('upgrade')
    expect(code).toBe(1)
    expect(err).toMatch(
      /has a revision that is not in the history: 'b' \(about b, applied \d.*"espalier stamp --purge"/,
    )
    expect((await espalier('current')).out).toMatch(/b about b \(not in the history\)/)
    expect((await espalier('current', '--check')).code).toBe(3)
    expect(await answerOf('stamp', '--purge', 'a')).toBe(
      'does not count as applied any more: b\nThe database is at a.\n',
    )
    expect(await answerOf('upgrade')).toContain('Nothing to do. The database is at a.')
  })

  it('a script for a range asks no database what it is at', async () => {
    await diamond()
    const script = await answerOf('upgrade', '--sql', 'b1:c')
    expect(script.match(/^-- up \w+/gm)).toEqual(['-- up b2', '-- up c'])
    expect(script).not.toContain('create table')
    const all = await answerOf('upgrade', '--sql', 'base:head')
    expect(all).toMatch(/^create table if not exists "espalier_versions"/)
    expect((await answerOf('downgrade', '--sql', 'd:b1')).match(/^-- down \w+/gm)).toEqual([
      '-- down d',
      '-- down c',
    ])
    expect(await answerOf('current')).toBe('0 applied, 5 pending\n')
  })
})

describe('the lock file', () => {
  const lockLines = () =>
    read('espalier.lock')
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line))

  it('has a line for each revision, open until it is applied or accepted', async () => {
    await answerOf('revision', '-m', 'one', '--id', 'one')
    expect(lockLines()).toMatchObject([
      { heads: ['one'] },
      { id: 'one', parents: [], message: 'one', hash: null },
    ])
    expect(await espalier('check')).toMatchObject({
      code: 3,
      out: expect.stringMatching(/^open: Revision 'one' in .* was never accepted\. "espalier accept one"/),
    })
    await answerOf('upgrade')
    expect(lockLines()[1].hash).toMatch(/^[0-9a-f]{64}$/)
    expect(await answerOf('check')).toBe('All is well with 1 revision.\n')
    await answerOf('revision', '-m', 'two', '--id', 'two')
    expect(await answerOf('accept', 'two')).toBe('accepted: two\n')
    expect(await answerOf('accept', 'two')).toBe('Nothing to do: the lock file says so already.\n')
    expect(await answerOf('check')).toBe('All is well with 2 revisions.\n')
  })

  it('tells what was edited, added, renamed or lost since', async () => {
    await diamond()
    expect(await answerOf('check')).toBe('All is well with 5 revisions.\n')
    write('b1', 'a', 'up: [], down: []')
    write('e', 'd')
    writeFileSync(inDirectory('renamed.ts'), read('a.ts'))
    rmSync(inDirectory('a.ts'))
    const { problems } = JSON.parse((await espalier('check', '--json')).out)
    expect(problems).toMatchObject([
      { kind: 'edited', revision: 'b1', message: expect.stringContaining('"espalier accept b1"') },
      { kind: 'new', revision: 'e' },
      { kind: 'renamed', revision: 'a', message: expect.stringContaining('was a.ts') },
    ])
    const refused = await espalier('upgrade', '--locked')
    expect(refused).toMatchObject({ code: 1, out: '' })
    expect(refused.err).toMatch(
      /^error: The revisions are not what the lock file says, so nothing was run\.\n {2}Revision 'b1'/,
    )
    expect(await answerOf('accept', '--all')).toBe('accepted: b1, e, a\n')
    expect(await answerOf('check')).toBe('All is well with 6 revisions.\n')
    await answerOf('upgrade', '--locked')
    rmSync(inDirectory('e.ts'))
    expect((await espalier('check')).out).toMatch(
      /^missing: Revision 'e' is in the lock file, and its file e\.ts is not there/,
    )
    expect(await answerOf('accept', '--all')).toBe('forgotten: e\n')
    expect((await espalier('accept')).code).toBe(2)
  })

  it('looks are no edits, and one that was accepted is none on any database', async () => {
    write('a', '', "up: [], labels: ['x']")
    await answerOf('upgrade')
    await answerOf('accept', '--all')
    const tidy = read('a.ts')
      .replace('up: [],', '/* nothing\n */ up : [\n],')
      .replace('revision({', 'revision({ // first\n')
    writeFileSync(inDirectory('a.ts'), tidy)
    expect((await espalier('check')).code).toBe(0)
    expect(await espalier('upgrade')).toMatchObject({ err: '' })
    write('a', '', "up: [], labels: ['y']")
    expect((await espalier('upgrade')).err).toMatch(/^warning: revision a is not what it was/)
    await answerOf('accept', 'a')
    expect(await espalier('upgrade')).toMatchObject({ err: '', code: 0 })
    expect((await espalier('history')).out).not.toContain('edited')
  })

  it('counts what a revision imports from beside it', async () => {
    writeFileSync(inDirectory('_shared.ts'), 'export const message = "one"\n')
    writeFileSync(
      inDirectory('a.ts'),
      "import { message } from './_shared.js'\nexport default { id: 'a', parents: [], message, up: [] }\n",
    )
    await answerOf('accept', '--all')
    expect((await espalier('check')).code).toBe(0)
    writeFileSync(inDirectory('_shared.ts'), 'export const message = "two"\n')
    expect((await espalier('check')).out).toMatch(/^edited: Revision 'a'/)
  })

  it('conflicts in version control where two branches add revisions, and a merge resolves it', async () => {
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=x', '-c', 'user.email=x@x', ...args], {
        cwd,
        stdio: 'pipe',
      }).toString()
    git('init', '-q', '-b', 'main')
    write('a', '')
    await answerOf('accept', '--all')
    git('add', '-A')
    git('commit', '-qm', 'a')
    for (const name of ['left', 'right']) {
      git('checkout', '-q', '-b', name, 'main')
      write(name, 'a')
      await answerOf('accept', '--all')
      git('add', '-A')
      git('commit', '-qm', name)
    }
    expect(() => git('merge', 'left')).toThrow(/git .* merge left/)
    expect(read('espalier.lock')).toMatch(/^<<<<<<< /m)
    expect((await espalier('check')).out).toMatch(
      /^conflict: .*"espalier merge"[\s\S]*several heads: There are 2 heads/,
    )
    expect((await espalier('upgrade')).err).toMatch(/There are 2 heads: 'left' .*, 'right'/)
    expect(await answerOf('merge', '--id', 'both')).toMatch(
      /^Wrote .*_merge_left_and_right\.ts, which joins left and right\.\n$/,
    )
    expect(read('espalier.lock')).not.toMatch(/^[<=>]{7}/m)
    expect(lockLines().map(({ id, heads }) => id ?? heads)).toEqual([['both'], 'both', 'a', 'left', 'right'])
    await answerOf('upgrade')
    expect(await answerOf('check')).toBe('All is well with 4 revisions.\n')
    expect((await espalier('merge')).err).toMatch(/There is nothing to merge: 'both' .* is the only head/)
  })

  it('that is damaged names the line', async () => {
    write('a', '')
    await answerOf('accept', '--all')
    writeFileSync(inDirectory('espalier.lock'), `${read('espalier.lock')}nonsense\n`)
    expect((await espalier('check')).err).toMatch(
      /espalier\.lock, line 4 is not what espalier writes: nonsense/,
    )
  })

  it('is written by programs too', async () => {
    const files = revisionFiles({ directory: join(cwd, 'migrations') })
    const { id } = await files.create({ message: 'first' })
    await files.create({ message: 'left', id: 'left' })
    await files.create({ message: 'right', id: 'right', parents: [id] })
    expect((await files.check()).problems.map(({ kind }) => kind)).toEqual([
      'open',
      'open',
      'open',
      'several heads',
    ])
    const merge = await files.merge({ id: 'both' })
    expect(merge.parents).toEqual(['left', 'right'])
    expect((await files.accept('all')).accepted).toHaveLength(4)
    expect(await files.check()).toMatchObject({ problems: [], heads: ['both'], revisions: 4 })
    const db = sqlite(':memory:')
    const migrator = createMigrator({ db, directory: join(cwd, 'migrations'), locked: true })
    expect((await migrator.upgrade()).heads).toEqual(['both'])
    await db.close()
  })
})

describe('a revision that imports the application', () => {
  it.each([
    [
      "import { users } from '../schema.js'",
      /a\.ts imports '\.\.\/schema\.js', which is not in the directory of revisions\. A revision must do the same for ever/,
    ],
    ["import '..'", /imports '\.\.'/],
    ["export * from '../schema.js'", /imports '\.\.\/schema\.js'/],
    ["import type { User } from '../schema.js'", /imports '\.\.\/schema\.js'/],
    ["const { users } = require('../schema')", /imports '\.\.\/schema'/],
    ["const later = () => import('../../x')", /imports '\.\.\/\.\.\/x'/],
    ['const later = () => import(`../x`)', /imports '\.\.\/x'/],
    ["const name = 'x'\nconst later = () => import(`../${name}.js`)", /imports '\.\.\/'/],
    ["import users = require('../x')", /imports '\.\.\/x'/],
    ["import { users } from '#schema'", /imports '#schema'/],
    ["import { users } from '/srv/app/schema.js'", /imports '\/srv\/app\/schema\.js'/],
    ["import { users } from 'file:///srv/app/schema.js'", /imports 'file:\/\/\/srv/],
    ["import { users } from './_helper.js'", /a\.ts imports '\.\.\/schema\.js' \(through _helper\.ts\)/],
  ])('by %s is refused', async (line, message) => {
    writeFileSync(join(cwd, 'schema.ts'), 'export const users = 1\n')
    writeFileSync(inDirectory('_helper.ts'), "export { users } from '../schema.js'\n")
    write('a', '')
    writeFileSync(inDirectory('a.ts'), `${line}\n${read('a.ts')}`)
    const { code, err } = await espalier('upgrade')
    expect(code).toBe(1)
    expect(err).toMatch(message)
  })

  it('only in words is none', async () => {
    write('a', '')
    writeFileSync(
      inDirectory('a.ts'),
      `// import x from '../schema.js'
/* require('../schema') */
const text = "import x from '../schema.js'" + \`from '../schema.js' \${'from'}\` + /from '\\.\\.\\/x'/.source
${read('a.ts')}`,
    )
    expect(await answerOf('upgrade')).toContain('The database is at a.')
  })
})

describe('espalier completion', () => {
  it.each([
    ['bash', ['-n']],
    ['zsh', undefined],
    ['fish', undefined],
  ] as const)('%s knows every command and option', async (shell, check) => {
    const script = await answerOf('completion', shell)
    for (const name of ['upgrade', 'downgrade', 'merge', 'graph', 'completion'])
      expect(script).toContain(name)
    expect(script).toMatch(/dry-run/)
    if (check !== undefined) execFileSync(shell, [...check], { input: script })
  })

  it('completes in bash', async () => {
    const script = await answerOf('completion', 'bash')
    const completed = (words: string[]) =>
      execFileSync('bash', [
        '-c',
        `${script}\nCOMP_WORDS=(${words.join(' ')} "")\nCOMP_WORDS[${words.length - 1}]=${words.at(-1)}\nCOMP_CWORD=${words.length - 1}\n_espalier\necho "\${COMPREPLY[@]}"`,
      ])
        .toString()
        .trim()
    expect(completed(['espalier', 'upg'])).toBe('upgrade')
    expect(completed(['espalier', 'upgrade', '--dr'])).toBe('--dry-run')
  })

  it('names the shells that there are', async () => {
    expect(await espalier('completion', 'tcsh')).toMatchObject({
      code: 2,
      err: expect.stringMatching(/Allowed choices are bash, zsh, fish/),
    })
  })
})

describe('espalier squash', () => {
  it('writes a baseline, and names what can be deleted', async () => {
    await diamond()
    const out = await answerOf('squash', 'c', '--id', 'start', '-m', 'the beginning')
    expect(out).toMatch(
      /^Wrote .*_the_beginning\.ts, with 0 statements, which stands for 4 revisions\.\nWhen every database has it, these files can be deleted:\n {2}a\.ts\n {2}b1\.ts\n {2}b2\.ts\n {2}c\.ts\n$/,
    )
    expect(await answerOf('check')).toBe('All is well with 6 revisions.\n')
    expect(await answerOf('graph')).toBe('●  d about d (head)\n●  start the beginning\n')
    expect(await answerOf('upgrade')).toMatch(/^applying start the beginning \(1 of 2\)/)
    expect((await espalier('squash', 'start')).err).toMatch(/There is nothing to squash/)
  })
})
