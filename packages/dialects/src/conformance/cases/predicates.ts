import {
  and,
  boolean,
  ilike,
  integer,
  like,
  literal,
  lower,
  not,
  or,
  type Predicate,
  select,
  text,
  values,
  when,
} from '@espalier/core'
import { type CaseDefinition, query } from '../case.js'
import { people, seenAt } from '../schema.js'

const found = (name: string, predicate: Predicate<'conformance_people'>, ids: readonly bigint[]) =>
  query(name, select(people.id).from(people).where(predicate).orderBy(people.id), ids)

const matches = (name: string, string: string, patterns: Readonly<Record<string, boolean>>) =>
  query(
    name,
    select(
      Object.fromEntries(
        Object.keys(patterns).map((pattern) => [`pattern ${pattern}`, literal(string, text()).like(pattern)]),
      ),
    ),
    [Object.fromEntries(Object.entries(patterns).map(([pattern, is]) => [`pattern ${pattern}`, is]))],
  )

const none: string | undefined = undefined

export const predicates: readonly CaseDefinition[] = [
  query(
    'patterns that are expressions, with case and without',
    (() => {
      const tried = values('tried', { id: integer().notNull(), text: text(), pattern: text().notNull() }, [
        { id: 1, text: 'abc', pattern: 'a_c' },
        { id: 2, text: 'Abc', pattern: 'a%' },
        { id: 3, text: 'a%[*?]\\', pattern: 'a\\%[*?]\\\\' },
        { id: 4, text: 'a_b', pattern: 'a\\_%' },
        { id: 5, text: 'axb', pattern: 'a\\_%' },
        { id: 6, text: '[x]*', pattern: '[_]*' },
        { id: 7, text: 'x', pattern: '[_]' },
        { id: 8, text: null, pattern: '%' },
        { id: 9, text: 'q', pattern: '\\q' },
        { id: 10, text: '~0~1~\\%', pattern: '~0~1~\\\\\\%' },
        { id: 11, text: '~3x', pattern: '~3_' },
        { id: 12, text: '*?', pattern: '\\*\\?' },
        { id: 13, text: '', pattern: '' },
      ])
      return select({
        id: tried.id,
        like: like(tried.text, tried.pattern),
        ilike: ilike(tried.text, tried.pattern),
        not: not(like(tried.text, tried.pattern.concat('%'))),
        unlike: not(ilike(tried.text, tried.pattern)),
      })
        .from(tried)
        .orderBy(tried.id)
    })(),
    [
      { id: 1, like: true, ilike: true, not: false, unlike: false },
      { id: 2, like: false, ilike: true, not: true, unlike: false },
      { id: 3, like: true, ilike: true, not: false, unlike: false },
      { id: 4, like: true, ilike: true, not: false, unlike: false },
      { id: 5, like: false, ilike: false, not: true, unlike: true },
      { id: 6, like: true, ilike: true, not: false, unlike: false },
      { id: 7, like: false, ilike: false, not: true, unlike: true },
      { id: 8, like: null, ilike: null, not: null, unlike: null },
      { id: 9, like: true, ilike: true, not: false, unlike: false },
      { id: 10, like: true, ilike: true, not: false, unlike: false },
      { id: 11, like: true, ilike: true, not: false, unlike: false },
      { id: 12, like: true, ilike: true, not: false, unlike: false },
      { id: 13, like: true, ilike: true, not: false, unlike: false },
    ],
  ),
  found('equal', people.name.eq('Bob'), [2n]),
  found('equal texts are compared with case', people.name.eq('bob'), []),
  found('not equal', people.name.ne('Bob'), [1n, 3n, 4n]),
  found('greater', people.score.gt(7), [1n]),
  found('greater or equal', people.score.gte(7), [1n, 2n]),
  found('less', people.score.lt(7), [4n]),
  found('less or equal', people.score.lte(7), [2n, 4n]),
  found('comparison of two columns', people.managerId.lt(people.id), [2n, 3n, 4n]),
  found('comparison of different kinds of numbers', people.id.gt(people.rate), [2n, 4n]),
  found('instants to the millisecond', people.seenAt.lt(seenAt), [3n, 4n]),
  found('an instant that is equal', people.seenAt.eq(seenAt), [1n]),
  found('days of the calendar', people.born.between('1989-12-31', '1990-01-31'), [1n, 4n]),
  found('decimals by their value', people.price.eq('0.1'), [2n]),
  found('decimals with more digits than the column has', people.price.gt('0.0999'), [1n, 2n]),
  found('booleans by themselves', people.active, [1n, 3n, 4n]),
  found('booleans compared', people.active.eq(false), [2n]),
  found('null', people.score.isNull(), [3n]),
  found('not null', people.score.isNotNull(), [1n, 2n, 4n]),
  found('comparison with NULL finds nothing', people.score.ne(7), [1n, 4n]),
  found('the opposite of unknown is unknown', not(people.score.eq(7)), [1n, 4n]),
  found('distinct from a value', people.score.isDistinctFrom(7), [1n, 3n, 4n]),
  found('distinct from null', people.score.isDistinctFrom(null), [1n, 2n, 4n]),
  found('not distinct from a column', people.orgId.isNotDistinctFrom(people.orgId), [1n, 2n, 3n, 4n]),
  found('between', people.score.between(7, 10), [1n, 2n]),
  found('not between', not(people.score.between(7, 10)), [4n]),
  found('between with and', and(people.score.between(-7, 7), people.active), [4n]),
  found('in a list', people.name.in(['Ann', 'dan', 'x']), [1n, 4n]),
  found('in an empty list is false', people.name.in([]), []),
  found('not in an empty list is true', people.name.notIn([]), [1n, 2n, 3n, 4n]),
  found('not in a list leaves out NULL', people.score.notIn([7]), [1n, 4n]),
  found('in a list of expressions', people.id.in([people.managerId, 1n]), [1n]),
  found('and', and(people.orgId.eq(1), people.active), [1n]),
  found('or', or(people.orgId.eq(2), people.name.eq('dan')), [3n, 4n]),
  found('or within and', and(or(people.orgId.eq(2), people.orgId.eq(1)), people.active), [1n, 3n]),
  found('and within or', or(and(people.orgId.eq(1), people.active), people.orgId.eq(2)), [1n, 3n]),
  found('not of and', not(and(people.orgId.eq(1), people.active)), [2n, 3n]),
  found('not of or', not(or(people.orgId.eq(2), people.active)), [2n]),
  found('no predicates are all true', and(), [1n, 2n, 3n, 4n]),
  found('no predicates are none true', or(), []),
  found(
    'a filter without a value',
    when(none, (name) => people.name.eq(name)),
    [1n, 2n, 3n, 4n],
  ),
  found(
    'a filter with a value',
    when('Ann', (name) => people.name.eq(name)),
    [1n],
  ),
  found('a comparison as an operand', people.active.eq(people.score.gt(0)), [1n, 4n].slice(0, 1)),
  found('a null test as an operand', people.score.isNull().eq(people.nick.isNotNull()), [2n, 3n]),
  query(
    'three-valued logic',
    select({
      unknownAnd: and(people.score.gt(0), literal(false, boolean())),
      unknownOr: or(people.score.gt(0), literal(true, boolean())),
      unknown: and(people.score.gt(0), literal(true, boolean())),
      notUnknown: not(people.score.gt(0)),
    })
      .from(people)
      .where(people.id.eq(3n)),
    [{ unknownAnd: false, unknownOr: true, unknown: null, notUnknown: null }],
  ),
  query(
    'comparisons of comparisons',
    select({
      a: literal(3, integer()).gt(2).eq(literal(1, integer()).gt(0)),
      b: literal(3, integer()).gt(2).gt(literal(1, integer()).gt(2)),
      c: literal(3, integer()).eq(3).ne(literal(2, integer()).eq(3)).eq(true),
    }),
    [{ a: true, b: true, c: true }],
  ),
  matches('a pattern matches with case', 'Hello', {
    Hello: true,
    hello: false,
    'H%': true,
    'h%': false,
    '%llo': true,
    H_llo: true,
    H__lo: true,
    H_: false,
    '%': true,
    '': false,
  }),
  matches('signs that other patterns use stand for themselves', 'a*b?c[d]^', {
    'a*b?c[d]^': true,
    'a%b%c%': true,
    'a*%': true,
    'axb?c[d]^': false,
    '%[d]^': true,
    '%[^]%': false,
    '%?c%': true,
  }),
  matches('a backslash takes the next sign as it is', '5%_\\', {
    '5\\%\\_\\\\': true,
    '5\\%%': true,
    '5_\\_\\\\': true,
    '\\5%': true,
    '%\\\\': true,
  }),
  found('like', people.nick.like('a\\%b%'), [3n]),
  found('not like', not(people.nick.like('a%')), [1n, 4n]),
  found('ignoring case', people.name.ilike('D%'), [4n]),
  found('ignoring case, literally', people.nick.ilike('A\\%B\\_C\\\\D'), [3n]),
  found('starts with', people.nick.startsWith('a%b'), [3n]),
  found('ends with', people.nick.endsWith('_c\\d'), [3n]),
  found('contains', people.nick.contains('%b_'), [3n]),
  found('contains nothing', people.nick.contains(''), [1n, 3n, 4n]),
  found('a function of a column', lower(people.name).eq('dan'), [4n]),
]
