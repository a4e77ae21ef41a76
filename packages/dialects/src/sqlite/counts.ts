import {
  type ClauseNode,
  type LimitNode,
  misfit,
  type NamedParameterNode,
  type NamedSlot,
  type Writer,
} from '@espalier/core'

/** SQLite takes a limit below 0 for none, where PostgreSQL refuses it; of one by name only the value tells. */
export function refuseNegativeCounts(clauses: readonly ClauseNode[], to: Writer): void {
  for (let i = 0; i < clauses.length; i++) {
    const clause = clauses[i] as ClauseNode
    if (clause.kind !== 'limit') continue
    const { count, offset } = clause as LimitNode
    for (const node of [count, offset]) {
      if (node?.kind !== 'namedParameter') continue
      const { name } = node as NamedParameterNode
      to.named = to.named?.map((slot) => (slot.name === name ? withoutNegatives(slot, to) : slot))
    }
  }
}

function withoutNegatives(slot: NamedSlot, to: Writer): NamedSlot {
  const { type } = slot
  const codec = to.codec(type)
  const encode = slot.encode ?? ((value: unknown) => codec.encode(value, type))
  return {
    ...slot,
    encode(value) {
      const encoded = encode(value)
      if ((encoded as number | bigint) >= 0) return encoded
      throw misfit(value, type, 'a number of rows, 0 or more')
    },
  }
}
