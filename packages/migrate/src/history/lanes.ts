/** A revision as far as a drawing of the history needs it. */
export interface Drawn {
  readonly id: string
  readonly parents: readonly string[]
}

/** A row of a drawing: a revision in its lane, and what happens to the lanes above and below it. */
export interface Row<T> {
  readonly revision: T
  readonly lane: number
  /** The lanes that end above it, since they lead to it as well. */
  readonly closing: readonly number[]
  /** The lanes to which it leads beside its own, for its further parents. */
  readonly opening: readonly number[]
  /** The lanes that are in use in its row, and above and below it. */
  readonly before: readonly boolean[]
  readonly at: readonly boolean[]
  readonly after: readonly boolean[]
}

/** Puts revisions, parents first, into rows and lanes, the last one first: each lane leads down to a parent. */
export function rowsOf<T extends Drawn>(revisions: readonly T[]): readonly Row<T>[] {
  const there = new Set(revisions.map(({ id }) => id))
  /** The revision to which each lane leads. */
  const lanes: (string | undefined)[] = []
  const free = () => {
    const lane = lanes.indexOf(undefined)
    return lane < 0 ? lanes.length : lane
  }
  const used = () => lanes.map((id) => id !== undefined)
  return revisions.toReversed().map((revision) => {
    const leading = lanes.flatMap((id, lane) => (id === revision.id ? [lane] : []))
    const [lane = free(), ...closing] = leading
    lanes[lane] ??= revision.id
    const before = used()
    if (leading.length === 0) before[lane] = false
    for (const other of closing) lanes[other] = undefined
    const at = used()
    const [first, ...further] = revision.parents.filter((id) => there.has(id))
    lanes[lane] = first
    const opening = further.map((parent) => {
      const known = lanes.indexOf(parent)
      const to = known < 0 ? free() : known
      lanes[to] = parent
      return to
    })
    while (lanes.length > 0 && lanes.at(-1) === undefined) lanes.pop()
    return { revision, lane, closing, opening, before, at, after: used() }
  })
}
