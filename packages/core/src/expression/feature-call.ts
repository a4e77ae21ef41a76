import type { Fields } from '../tree/node.js'
import type { SqlType } from '../types/sql-type.js'
import { type Feature, requireFeature } from './feature.js'
import { CallNode } from './function-node.js'
import type { ExpressionNode } from './node.js'
import type { Writer } from './writer.js'

/** A function that only some databases have. */
export class FeatureCallNode extends CallNode {
  static override readonly fields: Fields<FeatureCallNode> = {
    name: 'data',
    args: 'children',
    type: 'data',
    feature: 'data',
  }
  constructor(
    name: string,
    args: readonly ExpressionNode[],
    type: SqlType,
    readonly feature: Feature,
  ) {
    super(name, args, type, 'featureCall')
  }
  override write(to: Writer): void {
    requireFeature(to, this.feature)
    super.write(to)
  }
}
