import {
  and,
  betweenSymmetric,
  bigint,
  bitAnd,
  bitNot,
  bitOr,
  bitXor,
  boolean,
  caseOf,
  defineFunction,
  defineOperator,
  eqAny,
  gtAll,
  integer,
  isFalse,
  isTrue,
  isUnknown,
  ltAny,
  neAll,
  not,
  or,
  type Predicate,
  select,
  shiftLeft,
  shiftRight,
  text,
  tuple,
  typeCoerce,
} from '@espalier/core'
import { type CaseDefinition, query } from '../case.js'
import { people, posts } from '../schema.js'

const named = (...predicates: Predicate<'conformance_people'>[]) =>
  select(people.name)
    .from(people)
    .where(...predicates)
    .orderBy(people.id)
const first = people.id.eq(1n)

const upperCase = defineFunction('upper', [text()], text().notNull())
const joined = defineOperator('||', [text(), text()], text().notNull())
const isLess = defineOperator('<', [integer(), integer()], boolean().notNull(), { negation: '>=' })

export const operators: readonly CaseDefinition[] = [
  query(
    'bits',
    select({
      and: bitAnd(people.score, 6),
      or: bitOr(people.score, 5),
      xor: bitXor(people.score, 3),
      not: bitNot(people.score),
      left: shiftLeft(people.id, 40),
      right: shiftRight(people.score, 1),
      nested: bitAnd(bitOr(people.score, 1), 3).add(1),
      both: bitXor(people.id, people.id.add(4n)),
    })
      .from(people)
      .where(first),
    [{ and: 2, or: 15, xor: 9, not: -11, left: 1099511627776n, right: 5, nested: 4, both: 4n }],
  ),
  query(
    'bits of negative numbers and of NULL',
    select({
      and: bitAnd(people.score, 255),
      right: shiftRight(people.score, 1),
      xor: bitXor(people.score, 1),
    })
      .from(people)
      .where(people.id.in([3n, 4n]))
      .orderBy(people.id),
    [
      { and: null, right: null, xor: null },
      { and: 249, right: -4, xor: -8 },
    ],
  ),
  query(
    'true, false and unknown',
    select({
      name: people.name,
      yes: isTrue(people.score.gt(7)),
      no: isFalse(people.score.gt(7)),
      maybe: isUnknown(people.score.gt(7)),
      notYes: isTrue(people.score.gt(7)).not(),
      notNo: not(isFalse(people.active)),
    })
      .from(people)
      .where(people.id.lte(3n))
      .orderBy(people.id),
    [
      { name: 'Ann', yes: true, no: false, maybe: false, notYes: false, notNo: true },
      { name: 'Bob', yes: false, no: true, maybe: false, notYes: true, notNo: false },
      { name: 'Cyd', yes: false, no: false, maybe: true, notYes: true, notNo: true },
    ],
  ),
  query('between bounds in either order', named(betweenSymmetric(people.score, 10, 7)), ['Ann', 'Bob']),
  query('not between bounds in either order', named(betweenSymmetric(people.score, 10, 7).not()), ['dan']),
  query('between texts in either order', named(betweenSymmetric(people.name, 'Bz', 'B')), ['Bob']),
  query(
    'tuples in a list',
    named(
      tuple(people.orgId, people.name).in([
        [1, 'Bob'],
        [2, 'Cyd'],
        [2, 'Ann'],
      ]),
    ),
    ['Bob', 'Cyd'],
  ),
  query(
    'tuples in no list and not in a list',
    named(
      or(
        tuple(people.orgId, people.id).in([]),
        tuple(people.id, people.name).notIn([
          [1n, 'Ann'],
          [2n, 'x'],
        ]),
      ),
    ),
    ['Bob', 'Cyd', 'dan'],
  ),
  query(
    'tuples in a query',
    named(
      tuple(people.id, people.active).in(select({ a: posts.authorId, b: posts.likes.gt(4) }).from(posts)),
    ),
    ['Ann', 'Bob', 'Cyd'],
  ),
  query(
    'tuples not in a query',
    named(
      not(
        tuple(people.id, people.active).in(select({ a: posts.authorId, b: posts.likes.gt(4) }).from(posts)),
      ),
    ),
    ['dan'],
  ),
  query(
    'tuples compared from the first to the last',
    select({
      id: posts.id,
      lt: tuple(posts.likes, posts.id).lt([5, 4n]),
      gte: tuple(posts.likes, posts.id).lt([5, 4n]).not(),
      eq: tuple(posts.likes, posts.id).eq([5, 4n]),
      ne: not(tuple(posts.likes, posts.id).eq([posts.likes, 4n])),
    })
      .from(posts)
      .where(posts.likes.gte(3))
      .orderBy(posts.id),
    [
      { id: 1n, lt: true, gte: false, eq: false, ne: true },
      { id: 2n, lt: true, gte: false, eq: false, ne: true },
      { id: 4n, lt: false, gte: true, eq: true, ne: false },
    ],
  ),
  query('any of a list', named(eqAny(people.id, [1n, 3n]), people.active), ['Ann', 'Cyd']),
  query('any of no list, none of no list', named(or(eqAny(people.id, []), neAll(people.name, []))), [
    'Ann',
    'Bob',
    'Cyd',
    'dan',
  ]),
  query(
    'none of a list',
    named(neAll(people.name, ['Ann', "it's", 'a"b\\c', 'NULL', '']), eqAny(people.active, [true])),
    ['Cyd', 'dan'],
  ),
  query('the opposite of any of a list', named(not(eqAny(people.score, [10]))), ['Bob', 'dan']),
  query(
    'greater than all, less than any',
    named(and(gtAll(people.score, [-10, 6]), or(ltAny(people.score, [8, 0]), first))),
    ['Ann', 'Bob'],
  ),
  query('not greater than all', named(gtAll(people.score, [-10, 7]).not()), ['Bob', 'dan']),
  query(
    'any row of a query',
    named(eqAny(people.id, select(posts.authorId).from(posts).where(posts.likes.gt(4)))),
    ['Ann', 'Cyd'],
  ),
  query('other than all rows of a query', named(neAll(people.id, select(posts.authorId).from(posts))), [
    'dan',
  ]),
  query(
    'a case over a value',
    select({
      text: caseOf(people.orgId).when(1, 'one').when(2, people.name).else('none'),
      open: caseOf(people.name).when('Ann', 1).end(),
    })
      .from(people)
      .orderBy(people.id),
    [
      { text: 'one', open: 1 },
      { text: 'one', open: null },
      { text: 'Cyd', open: null },
      { text: 'none', open: null },
    ],
  ),
  query(
    'functions and operators that the program declares',
    select({
      upper: upperCase(joined(people.name, '!')),
      text: joined(joined('<', people.name), '>'),
      nick: joined(people.name, people.nick),
      less: isLess(people.score, 10),
      not: isLess(people.score, 10).not(),
    })
      .from(people)
      .where(people.id.eq(2n)),
    [{ upper: 'BOB!', text: '<Bob>', nick: null, less: true, not: false }],
  ),
  query(
    'an expression taken for one of another type',
    select({ id: typeCoerce(people.score, bigint()), sum: typeCoerce(people.score.add(1), bigint()).mul(2n) })
      .from(people)
      .where(first),
    [{ id: 10n, sum: 22n }],
  ),
]
