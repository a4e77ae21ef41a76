import type { Fields } from '../tree/node.js'
import { type Family, type FamilyValues, type SqlType, withoutLimits } from '../types/sql-type.js'
import type { NulledByOf, SourcesOf } from './call.js'
import type { ComparableExpression, FamilyOf, Reads, Typed } from './expression.js'
import { ExpressionNode, toExpression } from './node.js'
import type { AnyExpression } from './source.js'
import { commonType, withType } from './values.js'
import { Position, type Writer } from './writer.js'

type Widen<V> = V extends string ? string : V extends number ? number : V extends boolean ? boolean : V
type ValueOf<R> = R extends { readonly '~value': infer V } ? V : Widen<R>
type FamilyOfResult<R> = R extends { readonly '~family': infer F extends Family } ? F : FamilyOf<Widen<R>>

/** A `case` over a value that has no branch yet. */
export interface CaseOf<out V, out S extends Reads, out G extends Family> {
  /** The result where the value equals this one. */
  when<A extends NonNullable<V> | AnyExpressionOf<G>, R>(
    value: A,
    result: R,
  ): CaseOfBuilder<V, G, FamilyOfResult<R>, ValueOf<R>, S | SourcesOf<A> | SourcesOf<R>, NulledByOf<R>>
}
type AnyExpressionOf<G extends Family> = AnyExpression & { readonly '~family': G }

/** A `case` over a value that may take more branches; `else` or `end` closes it. */
export interface CaseOfBuilder<
  out V0,
  out G extends Family,
  out F extends Family,
  out V,
  out S extends Reads,
  out N extends string,
> {
  /** Another value, tried if none before it was equal. */
  when<
    A extends NonNullable<V0> | AnyExpressionOf<G>,
    R extends FamilyValues[F] | NonNullable<V> | (AnyExpression & { readonly '~family': F }) | null,
  >(
    value: A,
    result: R,
  ): CaseOfBuilder<V0, G, F, V | ValueOf<R>, S | SourcesOf<A> | SourcesOf<R>, N | NulledByOf<R>>
  /** The result if no value was equal, or the value is NULL. */
  else<R extends FamilyValues[F] | NonNullable<V> | (AnyExpression & { readonly '~family': F }) | null>(
    result: R,
  ): Typed<F, V | ValueOf<R>, S | SourcesOf<R>, N | NulledByOf<R>>
  /** Closes the case; NULL if no value was equal. */
  end(): Typed<F, V | null, S, N>
}

/**
 * The result that belongs to the value of an expression; for conditions of any kind see {@link caseWhen}.
 * @example
 * ```ts
 * caseOf(users.orgId).when(1, 'ours').when(2, 'theirs').else('other')
 * // case "users"."org_id" when $1 then $2::text when $3 then $4::text else $5::text end
 * ```
 */
export function caseOf<V, S extends Reads, N extends string, F extends Family>(
  value: ComparableExpression<V, S, N, F, never>,
): CaseOf<V, S, F> {
  return new OpenCaseOf(toExpression('caseOf', value), [], []) as unknown as CaseOf<V, S, F>
}

class OpenCaseOf {
  constructor(
    private readonly subject: ExpressionNode,
    private readonly values: readonly ExpressionNode[],
    private readonly results: readonly ExpressionNode[],
  ) {}
  when(value: unknown, result: unknown): OpenCaseOf {
    return new OpenCaseOf(
      this.subject,
      [...this.values, toExpression('when', value, withoutLimits(this.subject.type))],
      [...this.results, toExpression('the result of a case', result)],
    )
  }
  else(result: unknown): ExpressionNode {
    return this.close(toExpression('the result of a case', result))
  }
  end(): ExpressionNode {
    return this.close(undefined)
  }
  private close(otherwise: ExpressionNode | undefined): ExpressionNode {
    const type = commonType('case', otherwise === undefined ? this.results : [...this.results, otherwise])
    return new CaseOfNode(
      this.subject,
      this.values,
      this.results.map((result) => withType(result, type)),
      otherwise && withType(otherwise, type),
      type,
    )
  }
}

/** `case x when a then …`: value and result of each branch at the same place of two lists. */
export class CaseOfNode extends ExpressionNode {
  static readonly fields: Fields<CaseOfNode> = {
    subject: 'child',
    values: 'children',
    results: 'children',
    otherwise: 'optional',
    type: 'data',
  }
  constructor(
    readonly subject: ExpressionNode,
    readonly values: readonly ExpressionNode[],
    readonly results: readonly ExpressionNode[],
    readonly otherwise: ExpressionNode | undefined,
    readonly type: SqlType,
  ) {
    super('caseOf')
  }
  override write(to: Writer): void {
    to.text('case ')
    to.visit(this.subject)
    for (let i = 0; i < this.values.length; i++) {
      to.text(' when ')
      to.side(this.values[i] as ExpressionNode, this.subject, 0, Position.comparison)
      to.text(' then ')
      to.visit(this.results[i] as ExpressionNode)
    }
    if (this.otherwise !== undefined) {
      to.text(' else ')
      to.visit(this.otherwise)
    }
    to.text(' end')
  }
}
