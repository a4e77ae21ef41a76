import { sqlite } from '@espalier/dialects/sqlite'
import { createMigrator, drawHistory, type Revision, revision } from '@espalier/migrate'
import fc from 'fast-check'
import { afterAll, expect, it } from 'vitest'

const seed = Number(process.env.FUZZ_SEED ?? 2026)
const times = Number(process.env.FUZZ_TIMES ?? 1)
const db = sqlite(':memory:')
afterAll(() => db.close())
let tables = 0

/** For each revision which ones before it are its parents, and which ones it depends on. */
const histories = fc
  .array(
    fc.record({
      parents: fc.uniqueArray(fc.nat(30), { maxLength: 3 }),
      depends: fc.array(fc.nat(30), { maxLength: 1 }),
      isApart: fc.nat(5),
    }),
    { minLength: 1, maxLength: 14 },
  )
  .map((rows) =>
    rows.map(({ parents, depends, isApart }, i): Revision => {
      const before = (numbers: readonly number[]) =>
        i === 0 ? [] : [...new Set(numbers.map((number) => `r${number % i}_`))]
      return revision({
        id: `r${i}_`,
        parents: isApart === 0 ? [] : before(parents),
        message: `about ${i}`,
        up: [],
        dependsOn: isApart === 1 ? before(depends) : [],
      })
    }),
  )

const steps = fc.array(
  fc.record({ command: fc.constantFrom('upgrade', 'downgrade', 'stamp'), at: fc.nat(), isBase: fc.nat(4) }),
  { minLength: 1, maxLength: 8 },
)

const needs = ({ parents, dependsOn }: Revision) => [...parents, ...dependsOn]

/** These and all that are reached from them. */
function closure(start: readonly string[], next: (id: string) => readonly string[]): Set<string> {
  const all = new Set(start)
  for (const id of all) for (const other of next(id)) all.add(other)
  return all
}

const without = (all: ReadonlySet<string>, some: ReadonlySet<string>) =>
  new Set([...all].filter((one) => !some.has(one)))

it('random histories go up, down and are stamped as their sets say', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(histories, steps, async (revisions, walk) => {
      const byId = new Map(revisions.map((one) => [one.id, one]))
      const below = (ids: readonly string[]) => closure(ids, (id) => needs(byId.get(id) as Revision))
      const above = (ids: readonly string[]) =>
        closure(ids, (id) => revisions.filter((one) => needs(one).includes(id)).map((one) => one.id))
      const childrenOf = (id: string | undefined) =>
        revisions
          .filter(({ parents }) => (id === undefined ? parents.length === 0 : parents.includes(id)))
          .map((one) => one.id)
      const migrator = createMigrator({ db, revisions, versionTable: `random ${tables++}` })
      let model = new Set<string>()
      for (const { command, at, isBase } of walk) {
        const { id } = revisions[at % revisions.length] as Revision
        if (command === 'upgrade') {
          const { revisions: ran } = await migrator.upgrade(id)
          const wanted = below([id])
          expect(new Set(ran.map((one) => one.id))).toEqual(without(wanted, model))
          expect(
            ran.every((one, i) =>
              ran.slice(i).every((later) => !below([one.id]).has(later.id) || later === one),
            ),
          ).toBe(true)
          model = new Set([...model, ...wanted])
        } else if (command === 'downgrade') {
          const target = isBase === 0 ? undefined : id
          if (target !== undefined && !model.has(target)) {
            await expect(migrator.downgrade(target)).rejects.toThrow(/is not applied/)
            continue
          }
          const { revisions: ran } = await migrator.downgrade(target ?? 'base')
          const undone = new Set([...above(childrenOf(target))].filter((one) => model.has(one)))
          expect(new Set(ran.map((one) => one.id))).toEqual(undone)
          model = without(model, undone)
        } else {
          const target = isBase === 0 ? 'base' : id
          await migrator.stamp(target)
          const heads = [...model].filter(
            (one) => [...above([one])].filter((other) => model.has(other)).length === 1,
          )
          const related = target === 'base' ? model : new Set([...below([id]), ...above([id])])
          model = below([...heads.filter((head) => !related.has(head)), ...(target === 'base' ? [] : [id])])
        }
        const states = await migrator.history()
        expect(new Set(states.filter(({ applied }) => applied !== undefined).map((one) => one.id))).toEqual(
          model,
        )
        expect(below([...model])).toEqual(model)
        const { heads } = await migrator.current()
        expect(below(heads.map((head) => head.id))).toEqual(model)
      }
    }),
    { seed, numRuns: 60 * times },
  )
})

it('a drawing of a random history has each revision once, above what it builds on', () => {
  fc.assert(
    fc.property(histories, (revisions) => {
      const drawn = revisions.map((one) => ({ ...one, dependencies: one.dependsOn, isHead: false }))
      const lines = drawHistory(drawn, 'text').split('\n')
      const place = new Map(
        revisions.map(({ id, message }) => [
          id,
          lines.findIndex((line) => line.includes(` ${id} ${message}`)),
        ]),
      )
      for (const { id, parents } of revisions) {
        const own = place.get(id) as number
        expect(own).toBeGreaterThanOrEqual(0)
        for (const parent of parents) expect(place.get(parent)).toBeGreaterThan(own)
      }
      // Every sign of a line meets the signs on its sides: up and down in the rows beside it, left and right in its own.
      const sides: Readonly<Record<string, string>> = {
        '│': 'ud',
        '─': 'lr',
        '┼': 'udlr',
        '├': 'udr',
        '┤': 'udl',
        '╯': 'ul',
        '╮': 'dl',
        '╭': 'dr',
        '┴': 'ulr',
        '┬': 'dlr',
      }
      const art = lines.map((line) => [...(/^[^\p{L}\p{N}]*/u.exec(line)?.[0] ?? '')])
      const has = (row: number, column: number, side: string) => {
        const sign = art[row]?.[column]
        return sign === '●' || (sign !== undefined && sides[sign]?.includes(side) === true)
      }
      art.forEach((row, y) => {
        row.forEach((sign, x) => {
          const open = sides[sign] ?? ''
          if (open.includes('u')) expect(has(y - 1, x, 'd'), lines.join('\n')).toBe(true)
          if (open.includes('d')) expect(has(y + 1, x, 'u'), lines.join('\n')).toBe(true)
          if (open.includes('l')) expect(has(y, x - 1, 'r'), lines.join('\n')).toBe(true)
          if (open.includes('r')) expect(has(y, x + 1, 'l'), lines.join('\n')).toBe(true)
        })
      })
    }),
    { seed, numRuns: 300 * times },
  )
})
