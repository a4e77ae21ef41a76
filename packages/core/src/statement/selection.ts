import { quoteIdentifier } from '../expression/identifier.js'
import type { ExpressionNode } from '../expression/node.js'
import type { ColumnNode } from '../expression/source.js'
import type { Writer } from '../expression/writer.js'
import type { Fields, Node } from '../tree/node.js'
import type { OwnCodec } from '../types/codec.js'
import type { Shape } from '../types/shape.js'
import { OWN } from '../types/sql-type.js'

export type { ObjectShape, Shape } from '../types/shape.js'

/**
 * What a statement returns: the columns of the result, their labels, and how they become a row. One object, shared
 * by all the statements that the methods of a builder make of each other.
 */
export class SelectionNode implements Node {
  static readonly fields: Fields<SelectionNode> = { outputs: 'children', labels: 'data', shape: 'data' }
  /** How its rows are made, remembered by the executor. */
  plan: unknown = undefined
  constructor(
    readonly outputs: readonly ExpressionNode[],
    readonly labels: readonly string[],
    /** Undefined for an object without nesting, whose keys are the labels. */
    readonly shape: Shape | undefined,
  ) {}
  get kind(): string {
    return 'selection'
  }
  write(to: Writer): void {
    const { outputs, labels } = this
    for (let i = 0; i < outputs.length; i++) {
      const given = outputs[i] as ExpressionNode
      const output = (given.type[OWN] as Partial<OwnCodec> | undefined)?.selected?.(given, to) ?? given
      const label = labels[i] as string
      if (i > 0) to.text(', ')
      to.visit(output)
      if (output.kind !== 'column' || (output as ColumnNode).name !== label) {
        to.text(' as ')
        to.text(quoteIdentifier(label))
      }
    }
  }
}

/** What a function makes of every output, in the shape of the row. */
export function mapShape<T>(
  { labels, shape }: SelectionNode,
  leaf: (position: number) => T,
): T | Record<string, unknown> {
  if (shape === undefined) {
    const flat: Record<string, unknown> = {}
    for (let i = 0; i < labels.length; i++) flat[labels[i] as string] = leaf(i)
    return flat
  }
  const tree = (part: Shape): T | Record<string, unknown> =>
    typeof part === 'number'
      ? leaf(part)
      : Object.fromEntries(part.keys.map((key, i) => [key, tree(part.fields[i] as Shape)]))
  return tree(shape)
}
