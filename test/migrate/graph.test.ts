import { sqlite } from '@espalier/dialects/sqlite'
import { createMigrator, type Migrator, type Revision, revision } from '@espalier/migrate'
import { afterAll, describe, expect, it } from 'vitest'

const db = sqlite(':memory:')
afterAll(() => db.close())
let tables = 0

/**
 * Revisions in a few signs, one behind the other: `c` is a base, `c<a,b` builds on a and b, `c<a^b` depends on b, and
 * `c<a#billing` has a label.
 */
function revisionsOf(graph: string): readonly Revision[] {
  return graph.split(/\s+/).map((text) => {
    const parts = /^(\w+)(?:<([\w,]+))?(?:\^([\w,]+))?(?:#([\w,]+))?$/.exec(text)
    if (parts === null) throw new Error(`no revision: ${text}`)
    const [, id, parents, dependsOn, labels] = parts
    const list = (names: string | undefined) => names?.split(',') ?? []
    return revision({
      id: id as string,
      parents: list(parents),
      message: `about ${id}`,
      up: [],
      dependsOn: list(dependsOn),
      labels: list(labels),
    })
  })
}

/** A migrator of a database that is at some heads. */
async function at(graph: string, heads: string): Promise<Migrator> {
  const migrator = createMigrator({ db, revisions: revisionsOf(graph), versionTable: `graph ${tables++}` })
  if (heads !== '') await migrator.stamp(heads.split(' '))
  return migrator
}

const words = (text: string) => text.split(' ').filter((word) => word !== '')

async function headsOf(migrator: Migrator): Promise<string[]> {
  return (await migrator.current()).heads.map(({ id }) => id).sort()
}

/** From which heads, to which target: what is run in which order, and the heads then; or an error. */
type Case =
  | readonly [from: string, target: string, ran: string, heads: string]
  | readonly [string, string, RegExp]

function cases(command: 'upgrade' | 'downgrade', graph: string, table: readonly Case[]): void {
  it.each(table.map(([from, target, ...rest]) => [from || 'nothing', target, from, rest] as const))(
    `${command} from %s to %s`,
    async (_, target, from, [ran, heads]) => {
      const migrator = await at(graph, from)
      const targets = words(target)
      const run = () =>
        command === 'upgrade' ? migrator.upgrade(targets) : migrator.downgrade(targets[0] as string)
      if (ran instanceof RegExp) {
        const before = await headsOf(migrator)
        await expect(run()).rejects.toThrow(ran)
        expect(await headsOf(migrator)).toEqual(before)
        return
      }
      const result = await run()
      expect(result.revisions.map(({ id }) => id)).toEqual(words(ran as string))
      expect(await headsOf(migrator)).toEqual(words(heads as string).sort())
      expect([...result.heads].sort()).toEqual(words(heads as string).sort())
    },
  )
}

describe('a line', () => {
  const graph = 'a1aa b1bb<a1aa c1cc<b1bb d1dd<c1cc e1ee<d1dd'
  cases('upgrade', graph, [
    ['c1cc', 'e1ee', 'd1dd e1ee', 'e1ee'],
    ['', 'c1cc', 'a1aa b1bb c1cc', 'c1cc'],
    ['a1aa', '+2', 'b1bb c1cc', 'c1cc'],
    ['a1aa', '+1', 'b1bb', 'b1bb'],
    ['b1bb', '+3', 'c1cc d1dd e1ee', 'e1ee'],
    ['a1aa', 'b1bb+2', 'b1bb c1cc d1dd', 'd1dd'],
    ['a1aa', 'd1dd-2', 'b1bb', 'b1bb'],
    ['a1aa', 'head-1', 'b1bb c1cc d1dd', 'd1dd'],
    ['', 'base+1', 'a1aa', 'a1aa'],
    ['', '+1', 'a1aa', 'a1aa'],
    ['', 'd', 'a1aa b1bb c1cc d1dd', 'd1dd'],
    ['', 'b1bb-2', '', ''],
    ['e1ee', 'head', '', 'e1ee'],
    ['e1ee', 'b1bb', '', 'e1ee'],
    ['b1bb', '-2', /upgrade does not take '-2': that is for downgrade/],
    ['b1bb', 'base', /upgrade does not take 'base'/],
    ['b1bb', '+5', /'\+5' asks for 5 revisions upwards, and there are 3/],
    ['e1ee', '+1', /'\+1' asks for 1 revision upwards, and there is none/],
    ['', 'b1bb-3', /'b1bb-3' asks for 3 revisions downwards, and there are 2/],
    ['', 'x', /There is no revision 'x'\. A target is head/],
    ['', 'a1aa+', /There is no revision 'a1aa\+'/],
    ['', 'a-b', /There is no revision 'a-b'/],
    ['', '@head', /There is no revision '@head'/],
    ['', 'a1aa@', /There is no revision 'a1aa@'/],
    ['', '+0', /'\+0' asks for 0 revisions/],
  ])
  cases('downgrade', graph, [
    ['', 'base', '', ''],
    ['a1aa', 'a1aa', '', 'a1aa'],
    ['e1ee', 'e1ee', '', 'e1ee'],
    ['e1ee', 'c1cc', 'e1ee d1dd', 'c1cc'],
    ['c1cc', 'base', 'c1cc b1bb a1aa', ''],
    ['c1cc', '-1', 'c1cc', 'b1bb'],
    ['e1ee', '-3', 'e1ee d1dd c1cc', 'b1bb'],
    ['d1dd', 'a1aa+2', 'd1dd', 'c1cc'],
    ['d1dd', 'c1cc-2', 'd1dd c1cc b1bb', 'a1aa'],
    ['d1dd', 'current-2', 'd1dd c1cc', 'b1bb'],
    ['a1aa', '-1', 'a1aa', ''],
    ['', '-1', /'-1' asks for 1 revision downwards, and there is none/],
    ['b1bb', '-5', /'-5' asks for 5 revisions downwards, and there are 2/],
    ['b1bb', '+2', /downgrade does not take '\+2': that is for upgrade/],
    ['b1bb', 'head', /downgrade does not take 'head'/],
    ['b1bb', 'heads', /downgrade does not take 'heads'/],
    ['', 'b1', /'b1bb' \(about b1bb\) is not applied, so there is no way down to it\. Use upgrade/],
    ['b1bb', 'c1cc', /'c1cc' \(about c1cc\) is not applied/],
  ])
})

describe('a line that branches', () => {
  const graph = 'a b<a c1<b#c1branch d1<c1 c2<b#c2branch d2<c2'
  cases('upgrade', graph, [
    ['b', 'd1', 'c1 d1', 'd1'],
    ['a', 'd1 d2', 'b c1 d1 c2 d2', 'd1 d2'],
    ['a', 'heads', 'b c1 d1 c2 d2', 'd1 d2'],
    ['', 'c1branch@head', 'a b c1 d1', 'd1'],
    ['b', 'c2branch@head-1', 'c2', 'c2'],
    ['c1', 'c2branch@+1', 'c2', 'c1 c2'],
    ['c1 c2', 'c2branch@+1', 'd2', 'c1 d2'],
    ['c1', '+1', 'd1', 'd1'],
    ['', 'c2branch@+3', 'a b c2', 'c2'],
    ['', 'd2@+3', 'a b c2', 'c2'],
    ['', 'c1branch', 'a b c1', 'c1'],
    ['', 'c1branch@c1branch', 'a b c1', 'c1'],
    ['', 'c1branch@heads', 'a b c1 d1', 'd1'],
    ['', 'b+0', /asks for 0/],
    ['', 'head', /There are 2 heads: 'd1' \(about d1\), 'd2' \(about d2\)\. Name one .* "espalier merge"/],
    ['c1 c2', '+1', /'\+1' may mean several ways: 'c1' .*, 'c2' .*on which branch.*: c1@\+1/],
    ['b', '+1', /'\+1' may mean several ways: 'c1' \(about c1\), 'c2' \(about c2\)/],
    ['', 'a+2', /'a\+2' may mean several ways/],
    [
      '',
      'c1branch@c2',
      /'c2' \(about c2\) is not on the branch 'c1branch': it is neither below nor above 'c1'/,
    ],
    ['', 'nobranch@head', /There is no revision 'nobranch'/],
    ['d1', 'c1branch@+1', /asks for 1 revision upwards, and there is none/],
  ])
  cases('downgrade', graph, [
    ['d1 d2', 'a', 'd2 c2 d1 c1 b', 'a'],
    ['d2 d1', 'base+2', 'd2 c2 d1 c1', 'b'],
    ['d2 d1', 'c2branch@base+2', 'd2 c2', 'd1'],
    ['d2 d1', 'c2', 'd2', 'c2 d1'],
    ['d2 d1', 'c2branch@base+3', 'd2', 'c2 d1'],
    ['d1 d2', 'c1branch@-1', 'd1', 'c1 d2'],
    ['c1 d2', 'c1branch@-1', 'c1', 'd2'],
    ['d2 c1', 'd2-1', 'd2', 'c1 c2'],
    ['c1 d2', 'd2-1', 'd2', 'c1 c2'],
    ['c1 d2', 'c1branch@b', 'c1', 'd2'],
    ['c1 d2', 'c2branch@b', 'd2 c2', 'c1'],
    ['d1 d2', 'c2@b', 'd2 c2', 'd1'],
    ['d1 d2', 'd1@b', 'd1 c1', 'd2'],
    ['d1 d2', 'c1branch@head-1', 'd1', 'c1 d2'],
    ['d1 c2', 'c2', '', 'c2 d1'],
    ['d1 c2', 'd1', '', 'c2 d1'],
    ['d1 d2', 'c1branch@-2', 'd1 c1', 'd2'],
    ['d1 d2', 'base', 'd2 c2 d1 c1 b a', ''],
    ['d1', '-1', 'd1', 'c1'],
    ['d1 d2', '-1', /'-1' may mean several ways: 'd1' .*, 'd2' .*d1@-1/],
    ['c1 d2', '-1', /may mean several ways/],
    ['d1', 'c2', /'c2' \(about c2\) is not applied/],
  ])
})

describe('two bases that meet', () => {
  const graph = 'a1 b1<a1 c1<b1 a2 b2<a2 c2<b2 d1<c1,c2 d2<c2'
  cases('upgrade', graph, [
    ['d2 b1', 'd1', 'c1 d1', 'd1 d2'],
    ['b1', 'd1', 'c1 a2 b2 c2 d1', 'd1'],
    ['c1', '+1', 'a2 b2 c2 d1', 'd1'],
    ['', '+1', /may mean several ways: 'a1' .*, 'a2'/],
    ['', 'a2@+1', 'a2', 'a2'],
    ['a1', 'a2@+1', 'a2', 'a1 a2'],
  ])
  cases('downgrade', graph, [
    ['d2 d1', 'b1', 'd1 c1', 'b1 d2'],
    ['d1', '-1', 'd1', 'c1 c2'],
    ['d1', '-2', /may mean several ways: 'c1' .*, 'c2'/],
    ['d1 d2', 'a2@base', 'd2 d1 c2 b2 a2', 'c1'],
    ['d1', 'd1-1', /'d1-1' may mean several ways/],
    ['d1', 'a1@d1-1', 'd1', 'c1 c2'],
  ])
})

describe('three bases that meet', () => {
  const graph = 'a1 b1<a1 c1<b1 a2 b2<a2 c2<b2 a3 b3<a3 c3<b3 d1<c1,c2,c3 d2<c2 d3<c3'
  cases('upgrade', graph, [
    ['d3 d2 b1', 'd1', 'c1 d1', 'd1 d2 d3'],
    ['d3 b2 b1', 'd1', 'c1 c2 d1', 'd1 d3'],
    ['d3 d1', 'd2', 'd2', 'd1 d2 d3'],
  ])
  cases('downgrade', graph, [['d3 d2 d1', 'b1', 'd1 c1', 'b1 d2 d3']])
})

describe('branches that meet twice', () => {
  const twin = 'a b1<a b2<a b3<a c1<b1,b2,b3 c2<b1,b2,b3 d1<c1 d2<c2'
  cases('upgrade', twin, [
    ['a', 'b3', 'b3', 'b3'],
    ['b3', 'b1', 'b1', 'b1 b3'],
    ['b1 b3', 'b2', 'b2', 'b1 b2 b3'],
    ['b1 b2 b3', 'c2', 'c2', 'c2'],
    ['c2', 'd2', 'd2', 'd2'],
    ['d2', 'c1', 'c1', 'c1 d2'],
    ['c1 d2', 'd1', 'd1', 'd1 d2'],
    ['', 'heads', 'a b1 b2 b3 c1 c2 d1 d2', 'd1 d2'],
  ])
  cases('downgrade', twin, [
    ['d1 d2', 'b1', 'd2 d1 c2 c1', 'b1 b2 b3'],
    ['d1 d2', 'c1@b1', 'd1 c1', 'd2'],
    ['d1 d2', 'a', 'd2 d1 c2 c1 b3 b2 b1', 'a'],
  ])
  const almost = 'a b1<a b2<a b3<a c1<b1,b2 c2<b2,b3 d1<c1 d2<c2'
  cases('upgrade', almost, [
    ['b2 b3', 'c2', 'c2', 'c2'],
    ['d2', 'b1', 'b1', 'b1 d2'],
    ['b1 d2', 'd1', 'c1 d1', 'd1 d2'],
  ])
  cases('downgrade', almost, [['d1 d2', 'b3', 'd2 c2', 'b3 d1']])
})

describe('a dependency on another branch', () => {
  const graph = 'a1#lib1 b1<a1 c1<b1#c1lib d1<c1 e1<d1 f1<e1 a2 b2<a2 c2<b2^c1lib'
  cases('upgrade', graph, [
    ['a2', 'c2', 'a1 b1 c1 b2 c2', 'c2'],
    ['c2', 'd1', 'd1', 'c2 d1'],
    ['a2', 'a2@+2', 'a1 b1 c1 b2 c2', 'c2'],
  ])
  cases('downgrade', graph, [
    ['c2 d1', 'c1', 'd1', 'c2'],
    ['c2 d1', 'lib1@-1', 'd1', 'c2'],
    ['c2', 'b2', 'c2', 'b2 c1'],
    ['c2', 'a2@base', 'c2 b2 a2', 'c1'],
    ['c2', 'lib1@base', 'c2 c1 b1 a1', 'b2'],
    ['c2', '-1', 'c2', 'b2 c1'],
  ])
})

describe('a revision that depends on several trees', () => {
  const graph = 'a1 a2 a3 amerge<a1,a2,a3 b1 b2 bmerge<b1,b2 c1 c2 c3 cmerge<c1,c2,c3 d1^a3,b2,c1'
  cases('downgrade', graph, [
    ['amerge bmerge cmerge d1', 'b2', 'bmerge', 'amerge b1 cmerge d1'],
    ['amerge d1 b1 cmerge', 'd1@base', 'd1', 'amerge b1 b2 cmerge'],
    ['amerge b1 b2 cmerge', 'base', 'cmerge c3 c2 c1 b2 b1 amerge a3 a2 a1', ''],
    ['amerge bmerge cmerge d1', 'b2@base', 'd1 bmerge b2', 'amerge b1 cmerge'],
  ])
  cases('upgrade', graph, [
    ['', 'd1', 'a3 b2 c1 d1', 'd1'],
    ['d1', 'amerge', 'a1 a2 amerge', 'amerge d1'],
  ])
})

describe('branches that depend on each other', () => {
  const crossed = 'a1 a2<a1 b1 b2<b1^a2 b3<b2 a3<a2^b1'
  cases('downgrade', crossed, [
    ['a3 b2', 'b1', 'b2', 'a3'],
    ['a3 b3', 'a2', 'a3', 'b3'],
    ['a3 b3', 'a1', 'a3 b3 b2 a2', 'a1 b1'],
    ['a3 b3', 'b1@base', 'a3 b3 b2 b1', 'a2'],
  ])
  cases('upgrade', crossed, [
    ['', 'b3', 'a1 a2 b1 b2 b3', 'b3'],
    ['', 'a3', 'a1 a2 b1 a3', 'a3'],
    ['', 'heads', 'a1 a2 b1 b2 b3 a3', 'a3 b3'],
  ])
  const dependent = 'a b<a c1<b#c1branch d1<c1 c2<b#c2branch d2<c2^c1'
  cases('downgrade', dependent, [
    ['d1 d2', 'c2branch@b', 'd2 c2', 'd1'],
    ['d1 d2', 'c1branch@b', 'd2 d1 c1', 'c2'],
  ])
})

describe('a dependency that a parent has already', () => {
  cases('upgrade', 'a1 a2<a1^a1', [['', 'a2', 'a1 a2', 'a2']])
  cases('downgrade', 'a1 a2<a1^a1', [['a2', 'a1', 'a2', 'a1']])
  const again = 'a1 a2<a1 a3<a2 b1 b2<b1^a3 b3<b2 b4<b3^a3 b5<b4^b4'
  cases('downgrade', again, [
    ['b4', 'b3', 'b4', 'b3'],
    ['b4', 'b1@base', 'b4 b3 b2 b1', 'a3'],
    ['b5', 'base', 'b5 b4 b3 b2 b1 a3 a2 a1', ''],
    ['b5', 'a2', 'b5 b4 b3 b2 a3', 'a2 b1'],
    ['b5', 'a1@a2', 'b5 b4 b3 b2 a3', 'a2 b1'],
  ])
  const merged = 'a1 b1^a1 bmerge<a1,b1'
  cases('upgrade', merged, [
    ['a1', 'b1', 'b1', 'b1'],
    ['b1', 'bmerge', 'bmerge', 'bmerge'],
  ])
  cases('downgrade', merged, [
    ['bmerge', 'a1', 'bmerge', 'b1'],
    ['bmerge', 'b1', 'bmerge', 'b1'],
  ])
})

describe('a forest', () => {
  const graph = 'a1 b1<a1 a2 b2<a2'
  cases('upgrade', graph, [
    ['', 'heads', 'a1 b1 a2 b2', 'b1 b2'],
    ['', 'a2@head', 'a2 b2', 'b2'],
    ['b1', 'heads', 'a2 b2', 'b1 b2'],
    ['b1', '+1', /asks for 1 revision upwards, and there is none/],
  ])
  cases('downgrade', graph, [
    ['b1 b2', 'base', 'b2 a2 b1 a1', ''],
    ['b1 b2', 'a2@base', 'b2 a2', 'b1'],
    ['b1 a2', 'b2@base', 'a2', 'b1'],
  ])
})

describe('branches that are merged', () => {
  const graph = 'a b<a c1<b d1<c1 c2<b#c2branch d2<c2 e<d1,d2 f<e'
  cases('upgrade', graph, [
    ['b', 'f', 'c1 d1 c2 d2 e f', 'f'],
    ['d1', 'e', 'c2 d2 e', 'e'],
    ['d1 c2', 'head', 'd2 e f', 'f'],
    ['c1', 'c2branch@+1', 'c2', 'c1 c2'],
  ])
  cases('downgrade', graph, [
    ['f', 'b', 'f e d2 c2 d1 c1', 'b'],
    ['f', 'd1', 'f e', 'd1 d2'],
    ['f', 'c2branch@b', 'f e d2 c2', 'd1'],
    ['f', '-2', 'f e', 'd1 d2'],
    ['f', 'c2branch@e-1', 'f e', 'd1 d2'],
  ])
})

describe('libraries with labels that depend on each other', () => {
  const graph =
    'base1#b_1 a1a<base1 a1b<base1 b1a<a1a base3#b_3 a3<base3 b3<a3 b1b<a1b^a3 base2#b_2 a2<base2 b2<a2 c2<b2^a3 d2<c2'
  cases('upgrade', graph, [
    ['', 'b_2@head', 'base3 a3 base2 a2 b2 c2 d2', 'd2'],
    ['', 'b_3@head', 'base3 a3 b3', 'b3'],
    ['', 'b1b@head', 'base1 a1b base3 a3 b1b', 'b1b'],
    ['', 'b_1@heads', 'base1 a1a a1b b1a base3 a3 b1b', 'b1a b1b'],
    ['', 'b_1@head', /There are 2 heads: 'b1a' .*, 'b1b'/],
  ])
  cases('downgrade', graph, [
    ['d2', 'b_2@base', 'd2 c2 b2 a2 base2', 'a3'],
    ['b3', 'base', 'b3 a3 base3', ''],
    ['b1b', 'b1b@base', 'b1b a1b base1', 'a3'],
    ['b1a b1b d2 b3', 'b_2@base', 'd2 c2 b2 a2 base2', 'b1a b1b b3'],
    ['b1a b1b d2 b3', 'b_3@base', 'd2 c2 b1b b3 a3 base3', 'a1b b1a b2'],
    ['b1a b1b d2 b3', 'base', 'd2 c2 b2 a2 base2 b1b b3 a3 base3 b1a a1b a1a base1', ''],
  ])
  const effective = 'y1#y x1#x y2<y1^x1 x2<x1'
  cases('downgrade', effective, [
    ['x2 y2', 'x@-1', 'x2', 'y2'],
    ['x1 y2', 'x@-1', 'y2 x1', 'y1'],
    ['y2', 'x@-1', 'y2 x1', 'y1'],
  ])
})

describe('names of revisions', () => {
  const graph =
    'a#abranch b<a somelongername<b c<somelongername d e<d#ebranch someothername<e f<someothername'
  cases('upgrade', graph, [
    ['', 'ebranch@some', 'd e someothername', 'someothername'],
    ['', 'abranch@some', 'a b somelongername', 'somelongername'],
    ['', 'somel', 'a b somelongername', 'somelongername'],
    ['', 'e', 'd e', 'e'],
    ['', 'abranch', 'a', 'a'],
    ['', 'ebranch@d', 'd', 'd'],
    ['', 'e@d', 'd', 'd'],
    ['', 'someoth@d', 'd', 'd'],
    ['', 'ebranch@+2', 'd e', 'e'],
    ['', 'abranch@head', 'a b somelongername c', 'c'],
    ['', 'ebranch@head', 'd e someothername f', 'f'],
    ['', 'some', /'some' is the beginning of several revisions: 'somelongername' .*, 'someothername'/],
    ['', 'ebranch@b', /'b' \(about b\) is not on the branch 'ebranch'/],
    ['', 'abranch@d', /'d' \(about d\) is not on the branch 'abranch'/],
    ['', 'abranch@qprs', /There is no revision 'qprs' on the branch 'abranch'/],
    ['', 'x@d', /There is no revision 'x'/],
  ])
})

describe('stamp', () => {
  const stamps = (
    graph: string,
    table: readonly (readonly [from: string, targets: string, heads: string | RegExp])[],
  ) =>
    it.each(table)(`from %j to %s (${graph})`, async (from, targets, heads) => {
      const migrator = await at(graph, from)
      if (heads instanceof RegExp) {
        await expect(migrator.stamp(words(targets))).rejects.toThrow(heads)
        return
      }
      const before = new Set((await migrator.history()).flatMap(({ id, applied }) => (applied ? [id] : [])))
      const result = await migrator.stamp(words(targets))
      expect(await headsOf(migrator)).toEqual(words(heads).sort())
      expect([...result.heads].sort()).toEqual(words(heads).sort())
      const after = new Set((await migrator.history()).flatMap(({ id, applied }) => (applied ? [id] : [])))
      expect([...result.added].sort()).toEqual([...after].filter((id) => !before.has(id)).sort())
      expect([...result.removed].sort()).toEqual([...before].filter((id) => !after.has(id)).sort())
      expect(result.added.every((id) => after.has(id))).toBe(true)
    })
  stamps('a b<a c<b d<c e<d', [
    ['d', 'base', ''],
    ['', 'head', 'e'],
    ['e', 'b', 'b'],
    ['b', 'd', 'd'],
    ['e', 'head', 'e'],
    ['a', '+2', 'c'],
    ['a', 'x', /There is no revision 'x'/],
  ])
  stamps('a b<a c1<b#c1branch d1<c1 c2<b#c2branch d2<c2', [
    ['d1 c2', 'b', 'b'],
    ['d1 c2', 'c1branch@base', 'c2'],
    ['d1 c2', 'c2branch@head', 'd1 d2'],
    ['', 'd1 d2', 'd1 d2'],
    ['', 'heads', 'd1 d2'],
    ['d1', 'c2', 'c2 d1'],
    ['d1 d2', 'base', ''],
  ])
  stamps('a b<a c1<b d1<c1 c2<b#c2branch d2<c2 e<d1,d2 f<e', [
    ['e', 'c2', 'c2'],
    ['e', 'a', 'a'],
    ['c2', 'e', 'e'],
    ['d1 c2', 'c2branch@head', 'f'],
    ['d1 c2', 'e', 'e'],
    ['b', 'e', 'e'],
  ])
  stamps('a1#lib1 b1<a1 c1<b1 d1<c1 e1<d1 a2 b2<a2 c2<b2^c1', [
    ['e1 c2', 'b1', 'b1'],
    ['e1', 'c2', 'c2 e1'],
    ['c2', 'a2@base', ''],
  ])
  stamps('a1 b1<a1 a2 b2<a2', [
    ['', 'heads', 'b1 b2'],
    ['b1 b2', 'heads', 'b1 b2'],
  ])
})

describe('ranges of the history', () => {
  const range = (
    graph: string,
    table: readonly (readonly [from: string, range: string, ids: string | RegExp])[],
  ) =>
    it.each(table)(`at %j: %s (${graph})`, async (from, text, ids) => {
      const migrator = await at(graph, from)
      if (ids instanceof RegExp) await expect(migrator.history(text)).rejects.toThrow(ids)
      else expect((await migrator.history(text)).map(({ id }) => id)).toEqual(words(ids))
    })
  range('a b1<a b2<a c<b1,b2 d<c', [
    ['', 'a:d', 'a b1 b2 c d'],
    ['', 'b1:c', 'b1 c'],
    ['', ':', 'a b1 b2 c d'],
    ['', 'base:heads', 'a b1 b2 c d'],
    ['', 'c:', 'c d'],
    ['', ':b2', 'a b2'],
    ['', 'b1:+1', 'b1 c'],
    ['d', '-1:current', 'c d'],
    ['b1', ':current', 'a b1'],
    ['', ':current', ''],
    ['', 'b2:b1', /'b2:b1' is empty: 'b2' \(about b2\) is not below 'b1'/],
    ['', 'd:a', /'d' \(about d\) is not below 'a'/],
    ['', 'd', /'d' is no range: write from:to/],
    ['', 'a:b:c', /is no range/],
    ['', '-1:+1', /counts from nowhere/],
  ])
  range(
    'a1 a2<a1 a3<a2 b1<a3 b2<a3 cb1<b1 cb2<b2 db1<cb1 db2<cb2 e1b1<db1 fe1b1<e1b1 e2b1<db1 e2b2<db2 merge<e2b1,e2b2',
    [
      ['', 'db1:merge', 'db1 e2b1 merge'],
      ['', 'b1:merge', 'b1 cb1 db1 e2b1 merge'],
      ['', 'a2:merge', 'a2 a3 b1 b2 cb1 cb2 db1 db2 e2b1 e2b2 merge'],
      ['', 'a3:heads', 'a3 b1 b2 cb1 cb2 db1 db2 e1b1 fe1b1 e2b1 e2b2 merge'],
      ['', 'base:fe1b1', 'a1 a2 a3 b1 cb1 db1 e1b1 fe1b1'],
    ],
  )
  range('base1#b_1 a1<base1 base2^b_1#b_2 a2<base2 base3#b_3 a3<base3 c3<a3^a2', [
    ['', 'base:b_2@head', 'base1 base2 a2'],
    ['', 'b_3@base:heads', 'base1 base2 a2 base3 a3 c3'],
    ['', 'base:b_1@head', 'base1 a1'],
    ['', 'b_2@base2:', 'base2 a2 c3'],
  ])
})

describe('histories that cannot be', () => {
  it.each([
    ['a<a', /'a' \(about a\) builds or depends on itself\. Correct its parents or dependsOn/],
    ['a b<a c<b,c', /'c' \(about c\) builds or depends on itself/],
    ['a b<a,b c1<b c2<b', /'b' \(about b\) builds or depends on itself/],
    ['a^a', /'a' \(about a\) builds or depends on itself/],
    ['a b<a c<b^c', /'c' \(about c\) builds or depends on itself/],
    ['a<c b<a c<b', /in a circle: 'a' \(about a\) on 'c' \(about c\) on 'b' \(about b\) on 'a'/],
    ['a<c b<a c<b d e<d', /in a circle: 'a' .* on 'c' .* on 'b' .* on 'a'/],
    ['a<c b<a c<b d<c e<d', /in a circle: 'a'/],
    ['a b<a c<b,e d<c e<d', /in a circle: 'c' .* on 'e' .* on 'd' .* on 'c'/],
    ['a^c b<a c<b', /in a circle: 'a' .* on 'c' .* on 'b' .* on 'a'/],
    ['a b<a c<b^e d<c e<d', /in a circle: 'c' .* on 'e' .* on 'd'/],
    ['a a', /Two revisions have the id 'a': 'a' \(about a\) and 'a' \(about a\)\. Give one of them another/],
    [
      'a b<x',
      /'b' \(about b\) builds on 'x', which is not there\. Restore that revision, or correct its parents/,
    ],
    ['a b<a^x', /'b' \(about b\) depends on 'x', which is not there\. .* correct its dependsOn/],
    ['a b<a c<b#xy d e<d#xy', /The label 'xy' of 'e' \(about e\) is the label of 'c' \(about c\) already/],
    ['a#b b<a', /The label 'b' of 'a' \(about a\) is the id of 'b' \(about b\) already/],
  ])('%s', async (graph, message) => {
    await expect(createMigrator({ db, revisions: revisionsOf(graph) }).current()).rejects.toMatchObject({
      code: 'invalid_history',
      message: expect.stringMatching(message),
    })
  })

  it('ids that are parts of each other are none of them', async () => {
    const migrator = await at('user_foo user<user_foo^user_foo', '')
    expect((await migrator.upgrade('user')).heads).toEqual(['user'])
  })
})

describe('a large history', () => {
  it('of many branches is sorted so that all comes behind what it needs, up and down', async () => {
    const names: string[] = []
    const graph = Array.from({ length: 400 }, (_, i) => {
      const pick = (n: number) => names[(i * 7919 + n * 104_729) % names.length] as string
      const name = `r${(i * 31) % 400}x`
      const parents = i < 3 ? [] : [...new Set([pick(1), ...(i % 5 === 0 ? [pick(2)] : [])])]
      const depends = i % 11 === 10 ? `^${pick(3)}` : ''
      names.push(name)
      return `${name}${parents.length > 0 ? `<${parents.join(',')}` : ''}${depends}`
    })
    // Given in another order than that of their making.
    const revisions = revisionsOf(graph.join(' ')).toSorted((a, b) => (a.id < b.id ? -1 : 1))
    const migrator = createMigrator({ db, revisions, versionTable: `graph ${tables++}` })
    const up = (await migrator.upgrade('heads')).revisions.map(({ id }) => id)
    expect(up).toHaveLength(400)
    const place = new Map(up.map((id, i) => [id, i]))
    for (const { id, parents, dependsOn } of revisions) {
      for (const before of [...parents, ...dependsOn]) {
        expect(place.get(before), `${before} before ${id}`).toBeLessThan(place.get(id) as number)
      }
    }
    const down = await migrator.downgrade('base')
    expect(down.revisions.map(({ id }) => id)).toEqual(up.toReversed())
  })
})
