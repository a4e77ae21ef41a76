import { BuildError, excerpt } from '../errors.js'

/**
 * Operators as data. `precedence` decides where parentheses go; it orders only what both databases order the
 * same way. Where they differ (`||` against arithmetic, comparisons among themselves) an operator is `separate`:
 * an operand that is itself an operator is put in parentheses.
 */
export interface Operator {
  readonly name: string
  /** Between the operands, spaces included. */
  readonly text: string
  readonly precedence: number
  /** The operator with the opposite meaning. */
  readonly negation?: string
  /** `a op (b op c)` is `(a op b) op c`, so no parentheses are needed. */
  readonly associative?: boolean
  readonly separate?: boolean
  /** A comparison: a value on one side is compared, not computed with. */
  readonly comparison?: boolean
}

/** How tightly each kind of expression binds; the greater number binds tighter. An enum, whose numbers bundlers write in place of its names. */
export enum Precedence {
  or = 1,
  and = 2,
  not = 3,
  comparison = 4,
  concat = 5,
  additive = 6,
  multiplicative = 7,
  sign = 8,
  primary = 10,
}

const comparison = (name: string, text: string, negation: string): Operator => ({
  name,
  text: ` ${text} `,
  precedence: Precedence.comparison,
  negation,
  comparison: true,
})

/** The binary operators by name. */
const operators: Readonly<Record<string, Operator>> = {
  eq: comparison('eq', '=', 'ne'),
  ne: comparison('ne', '<>', 'eq'),
  gt: comparison('gt', '>', 'lte'),
  lte: comparison('lte', '<=', 'gt'),
  lt: comparison('lt', '<', 'gte'),
  gte: comparison('gte', '>=', 'lt'),
  isDistinctFrom: comparison('isDistinctFrom', 'is distinct from', 'isNotDistinctFrom'),
  isNotDistinctFrom: comparison('isNotDistinctFrom', 'is not distinct from', 'isDistinctFrom'),
  concat: { name: 'concat', text: ' || ', precedence: Precedence.concat, associative: true, separate: true },
  add: { name: 'add', text: ' + ', precedence: Precedence.additive },
  sub: { name: 'sub', text: ' - ', precedence: Precedence.additive },
  mul: { name: 'mul', text: ' * ', precedence: Precedence.multiplicative },
  div: { name: 'div', text: ' / ', precedence: Precedence.multiplicative },
  mod: { name: 'mod', text: ' % ', precedence: Precedence.multiplicative },
}

/** A binary operator that the table has. */
export function operatorOf(name: string): Operator {
  const operator = operators[name]
  // A name from JSON may be one that every object has.
  if (operator?.precedence !== undefined) return operator
  throw new BuildError('unknown_operator', `There is no operator ${excerpt(name)}.`)
}
