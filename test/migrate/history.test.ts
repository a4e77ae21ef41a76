import { insert, integer, sql, table, text, update } from '@espalier/core'
import { sqlite } from '@espalier/dialects/sqlite'
import {
  createMigrator,
  createTable,
  type MigratorOptions,
  type Revision,
  revision,
  run,
} from '@espalier/migrate'
import { afterAll, describe, expect, it } from 'vitest'

const users = table('users', { id: integer().primaryKey(), name: text() })

const step = (id: string, ...parents: string[]): Revision =>
  revision({ id, parents, message: `about ${id}`, up: [] })
const line = [step('aa1'), step('ab2', 'aa1'), step('b3', 'ab2'), step('c4', 'b3')]

const db = sqlite(':memory:')
afterAll(() => db.close())

let tables = 0
const on = (revisions: MigratorOptions['revisions'] & readonly Revision[]) =>
  createMigrator({ db, revisions, versionTable: `versions ${tables++}` })
const ids = (result: { revisions: readonly { id: string }[] }) =>
  result.revisions.map(({ id }) => id).join(' ')

describe('targets', () => {
  it.each([
    ['head', 'aa1 ab2 b3 c4'],
    ['+1', 'aa1'],
    ['+3', 'aa1 ab2 b3'],
    ['b3', 'aa1 ab2 b3'],
    ['b', 'aa1 ab2 b3'],
    ['ab', 'aa1 ab2'],
  ])('upgrade %s applies %s', async (target, applied) => {
    expect(ids(await on(line).upgrade(target))).toBe(applied)
  })

  it.each([
    ['base', 'c4 b3 ab2 aa1'],
    ['-1', 'c4'],
    ['-3', 'c4 b3 ab2'],
    ['ab2', 'c4 b3'],
    ['c', ''],
  ])('downgrade %s undoes %s', async (target, undone) => {
    const migrator = on(line)
    await migrator.upgrade()
    expect(ids(await migrator.downgrade(target))).toBe(undone)
  })

  it('upgrade to what is below does nothing', async () => {
    const migrator = on(line)
    await migrator.upgrade()
    expect(await migrator.upgrade('aa1')).toMatchObject({ revisions: [], heads: ['c4'] })
  })

  it.each([
    ['upgrade', 'a', /'a' is the beginning of several revisions: 'aa1' \(about aa1\), 'ab2' \(about ab2\)/],
    ['upgrade', 'zz', /There is no revision 'zz'\. A target is head, heads, base, an id/],
    ['upgrade', '', /There is no revision ''/],
    ['upgrade', '+3', /^'\+3' asks for 3 revisions upwards, and there are 2\.$/],
    ['upgrade', '+0', /asks for 0 revisions/],
    ['upgrade', 'base', /upgrade does not take 'base': that is for downgrade/],
    ['upgrade', '-1', /upgrade does not take '-1'/],
    ['downgrade', 'head', /downgrade does not take 'head': that is for upgrade/],
    ['downgrade', '+1', /downgrade does not take '\+1'/],
    ['downgrade', '-3', /^'-3' asks for 3 revisions downwards, and there are 2\.$/],
    ['downgrade', 'c4', /'c4' \(about c4\) is not applied, so there is no way down to it/],
  ] as const)('%s %j is an error', async (command, target, message) => {
    const migrator = on(line)
    await migrator.upgrade('ab2')
    await expect(migrator[command](target)).rejects.toThrow(message)
    expect((await migrator.current()).heads).toMatchObject([{ id: 'ab2' }])
  })
})

describe('the graph of revisions', () => {
  const diamond = [step('a'), step('b', 'a'), step('c', 'a'), step('d', 'b', 'c')]

  it('is applied parents first, wherever branches meet', async () => {
    const migrator = on(diamond.toReversed())
    expect(ids(await migrator.upgrade())).toBe('a b c d')
    expect(ids(await migrator.downgrade('b'))).toBe('d')
    expect((await migrator.current()).heads.map(({ id }) => id).sort()).toEqual(['b', 'c'])
    expect(ids(await migrator.downgrade('a'))).toBe('c b')
  })

  it('goes up to one branch alone', async () => {
    const migrator = on(diamond)
    expect(ids(await migrator.upgrade('c'))).toBe('a c')
    expect(ids(await migrator.upgrade('head'))).toBe('b d')
  })

  it('names several heads, and takes one of them or all', async () => {
    const migrator = on(diamond.slice(0, 3))
    await expect(migrator.upgrade()).rejects.toThrow(
      /There are 2 heads: 'b' \(about b\), 'c' \(about c\)\. Name one .* parents: \['b', 'c'\]/,
    )
    expect(ids(await migrator.upgrade('heads'))).toBe('a b c')
  })

  it.each([
    [
      'a parent that is missing',
      [step('a'), step('b', 'x')],
      /'b' \(about b\) builds on 'x', which is not there/,
    ],
    ['two of one id', [step('a'), step('a')], /Two revisions have the id 'a'/],
    [
      'a circle',
      [step('a'), step('b', 'a', 'd'), step('c', 'b'), step('d', 'c')],
      /in a circle: 'b' \(about b\) on 'd' \(about d\) on 'c' \(about c\) on 'b'/,
    ],
    ['itself as parent', [step('a', 'a')], /'a' \(about a\) builds or depends on itself/],
  ])('refuses %s', async (_, revisions, message) => {
    await expect(on(revisions).current()).rejects.toThrow(message)
  })

  it('may be empty', async () => {
    expect(await on([]).upgrade()).toMatchObject({ revisions: [], heads: [] })
    expect(await on([]).downgrade('base')).toMatchObject({ revisions: [], heads: [] })
    expect(await on([]).history()).toEqual([])
  })

  it('holds a thousand revisions', async () => {
    const many = Array.from({ length: 1000 }, (_, i) => step(`r${i}`, ...(i === 0 ? [] : [`r${i - 1}`])))
    const start = performance.now()
    expect((await on(many).upgrade()).heads).toEqual(['r999'])
    expect(performance.now() - start).toBeLessThan(5000)
  })
})

describe('revision(…)', () => {
  const valid = { id: 'a', parents: [], message: 'm', up: [] }

  it.each([
    ['no object', undefined, /it: is an object: revision\(\{ id, parents, message, up \}\)/],
    [
      'an id with a sign',
      { ...valid, id: 'a+1' },
      /Revision 'a\+1' is not valid: id: an id has 1 to 64 letters/,
    ],
    ['an id that is a place', { ...valid, id: 'head' }, /head, heads, base and current are not ids/],
    [
      'no parents',
      { ...valid, parents: undefined },
      /parents: is a list of ids; the first revision has none: parents: \[\]/,
    ],
    ['a parent that is no id', { ...valid, parents: ['a b'] }, /parents\[0\]: an id has/],
    ['no message', { ...valid, message: 1 }, /message: is a text/],
    ['no list', { ...valid, up: createTable(users) }, /up: is a list of operations/],
    [
      'a text',
      { ...valid, up: ['drop table users'] },
      /up\[0\]: a text is not run as SQL: "drop table users"\. Write sql\.statement/,
    ],
    [
      'an insert without rows',
      { ...valid, up: [insert(users)] },
      /up\[0\]: this insert says nothing to insert yet; add \.values/,
    ],
    [
      'an update without values',
      { ...valid, up: [[], update(users)] },
      /up\[1\]: this update says nothing to set yet/,
    ],
    ['a function', { ...valid, down: [async () => {}] }, /down\[0\]: a function stands here; wrap it: run\(/],
    [
      'a key of its own',
      { ...valid, upgrade: [] },
      /it: has no upgrade; there are id, parents, message, labels, dependsOn, replaces, up, down/,
    ],
  ])('refuses %s', (_, options, message) => {
    expect(() => revision(options as never)).toThrow(message)
  })

  it('is data', () => {
    const made = revision({
      ...valid,
      up: [createTable(users), sql.statement`select  1`, run(async () => {}, { description: 'tidy' })],
    })
    expect(made.up.map(({ kind, description }) => ({ kind, description }))).toEqual([
      { kind: 'createTable', description: 'create table users' },
      { kind: 'execute', description: 'sql: select 1' },
      { kind: 'run', description: 'tidy' },
    ])
    expect(revision(made)).toEqual(made)
  })
})
