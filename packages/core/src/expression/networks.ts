import { BuildError } from '../errors.js'
import { CIDR, INET } from '../types/network.js'
import { BOOLEAN, INTEGER, type SqlType, TEXT, typeText } from '../types/sql-type.js'
import type { NulledByOf, NullOf, SourcesOf } from './call.js'
import type {
  BooleanExpression,
  Expression,
  NumberExpression,
  Reads,
  TextExpression,
  Typed,
} from './expression.js'
import { FeatureCallNode } from './feature-call.js'
import { describe, type ExpressionNode, toExpression } from './node.js'
import { OperatorNode } from './operator-node.js'

/** What stands beside a network: an address or a network, as a value or in the database. */
type Other = string | Expression<string | null, Reads, string, 'named'>
type Tested<V, S extends Reads, N extends string, B> = BooleanExpression<
  boolean | (V & null) | NullOf<B>,
  S | SourcesOf<B>,
  N | NulledByOf<B>
>

function requireNetwork(place: string, value: unknown): ExpressionNode {
  const node = toExpression(place, value, INET)
  if (/^(?:inet|cidr|unknown)$/.test(node.type.name)) return node
  throw new BuildError(
    'no_operator',
    `${place}(${describe(node)}, …) takes an address or a network, of inet() or cidr(), not ${typeText(node.type)}.`,
  )
}

function test(place: string, operator: string, network: unknown, other: unknown): never {
  const left = requireNetwork(place, network)
  const right = requireNetwork(place, other)
  return new OperatorNode(left, operator, right, BOOLEAN, undefined, 'networks') as unknown as never
}

function call(place: string, name: string, type: SqlType, network: unknown): never {
  return new FeatureCallNode(name, [requireNetwork(place, network)], type, 'networks') as unknown as never
}

/**
 * Whether a network has all of another one, or an address; each has itself.
 *
 * PostgreSQL: `>>=` · SQLite: refused; compare the addresses of hosts by `between(first, last)`
 * @example
 * ```ts
 * const visits = table('visits', { id: integer().primaryKey(), from: inet().notNull() })
 * const within = select(visits.id).from(visits).where(networkContains(literal('10.0.0.0/8', cidr()), visits.from))
 * within.toSQL(postgresDialect).sql
 * // 'select "visits"."id" as "value" from "visits" where $1::cidr >>= "visits"."from"'
 * ```
 */
export function networkContains<V, S extends Reads, N extends string, B extends Other>(
  network: Expression<V, S, N, 'named'>,
  other: B,
): Tested<V, S, N, B> {
  return test('networkContains', '>>=', network, other)
}

/**
 * Whether an address or a network is in a network; each is in itself.
 *
 * PostgreSQL: `<<=` · SQLite: refused; compare the addresses of hosts by `between(first, last)`
 * @example
 * ```ts
 * const visits = table('visits', { id: integer().primaryKey(), from: inet().notNull() })
 * select(visits.id).from(visits).where(networkContainedBy(visits.from, '10.0.0.0/8')).toSQL(postgresDialect).sql
 * // 'select "visits"."id" as "value" from "visits" where "visits"."from" <<= $1::inet'
 * ```
 */
export function networkContainedBy<V, S extends Reads, N extends string, B extends Other>(
  network: Expression<V, S, N, 'named'>,
  other: B,
): Tested<V, S, N, B> {
  return test('networkContainedBy', '<<=', network, other)
}

/** Whether a network has all of another one, and more: `"n"."range" >> $1::inet`. */
export function networkContainsMore<V, S extends Reads, N extends string, B extends Other>(
  network: Expression<V, S, N, 'named'>,
  other: B,
): Tested<V, S, N, B> {
  return test('networkContainsMore', '>>', network, other)
}

/** Whether a network, or an address, is a part of another network, and not all of it: `"n"."range" << $1::inet`. */
export function networkPartOf<V, S extends Reads, N extends string, B extends Other>(
  network: Expression<V, S, N, 'named'>,
  other: B,
): Tested<V, S, N, B> {
  return test('networkPartOf', '<<', network, other)
}

/** Whether one of two networks has the other: `"n"."range" && $1::inet`. */
export function networkOverlaps<V, S extends Reads, N extends string, B extends Other>(
  network: Expression<V, S, N, 'named'>,
  other: B,
): Tested<V, S, N, B> {
  return test('networkOverlaps', '&&', network, other)
}

/** The address without the length of its network, as a text: `host("v"."from")`. */
export function networkHost<V, S extends Reads, N extends string>(
  network: Expression<V, S, N, 'named'>,
): TextExpression<string | (V & null), S, N> {
  return call('networkHost', 'host', TEXT, network)
}

/** The network that an address is in, by the length that it has: `network("v"."from")`. */
export function networkOf<V, S extends Reads, N extends string>(
  network: Expression<V, S, N, 'named'>,
): Typed<'named', string | (V & null), S, N> {
  return call('networkOf', 'network', CIDR, network)
}

/** How many bits of an address are those of its network: `masklen("v"."from")`. */
export function networkLength<V, S extends Reads, N extends string>(
  network: Expression<V, S, N, 'named'>,
): NumberExpression<number | (V & null), S, N, 'integer'> {
  return call('networkLength', 'masklen', INTEGER, network)
}

/** 4 or 6, by the version of the protocol: `family("v"."from")`. */
export function networkFamily<V, S extends Reads, N extends string>(
  network: Expression<V, S, N, 'named'>,
): NumberExpression<number | (V & null), S, N, 'integer'> {
  return call('networkFamily', 'family', INTEGER, network)
}
