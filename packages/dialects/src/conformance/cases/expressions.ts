import {
  abs,
  bigint,
  boolean,
  caseWhen,
  cast,
  coalesce,
  double,
  integer,
  length,
  literal,
  lower,
  nullIf,
  numeric,
  replace,
  round,
  select,
  splitPart,
  substring,
  text,
  timestamp,
  trim,
  upper,
} from '@espalier/core'
import { type CaseDefinition, query } from '../case.js'
import { people } from '../schema.js'

const int = (value: number) => literal(value, integer())
const real = (value: number) => literal(value, double())
const decimal = (value: string) => literal(value, numeric())
const string = (value: string) => literal(value, text())

export const expressions: readonly CaseDefinition[] = [
  query(
    'arithmetic of integers gives integers',
    select({
      sum: int(7).add(2),
      difference: int(2).sub(7),
      product: int(-3).mul(4),
      quotient: int(7).div(2),
    }),
    [{ sum: 9, difference: -5, product: -12, quotient: 3 }],
  ),
  query(
    'division and remainder of integers round towards zero',
    select({
      a: int(-7).div(2),
      b: int(7).div(-2),
      c: int(-7).mod(2),
      d: int(7).mod(-2),
      e: int(-7).mod(-2),
      big: literal(-9007199254740993n, bigint()).div(2n),
    }),
    [{ a: -3, b: -3, c: -1, d: 1, e: -1, big: -4503599627370496n }],
  ),
  query(
    'arithmetic with a column keeps its type',
    select({ half: people.score.div(2), more: people.id.add(1n), rate: people.rate.mul(2) })
      .from(people)
      .where(people.id.in([1n, 2n]))
      .orderBy(people.id),
    [
      { half: 5, more: 2n, rate: 3 },
      { half: 3, more: 3n, rate: -4.5 },
    ],
  ),
  query(
    'division of floating-point and decimal numbers keeps the fraction',
    select({
      real: real(7).div(2),
      mixed: int(7).div(real(2)),
      decimal: decimal('7').div('2'),
      whole: int(7).div(decimal('2')),
    }),
    [{ real: 3.5, mixed: 3.5, decimal: '3.5', whole: '3.5' }],
  ),
  query(
    'parentheses are kept where they matter',
    select({
      a: int(2).add(3).mul(4),
      b: int(2).add(int(3).mul(4)),
      c: int(10).sub(int(5).sub(2)),
      d: int(10).sub(5).sub(2),
      e: int(100).div(int(10).div(5)),
      f: int(100).div(10).div(5),
      g: int(2).sub(int(3).neg()),
      h: int(5).neg().neg(),
      i: int(7).mod(int(4).mul(2)),
    }),
    [{ a: 20, b: 14, c: 7, d: 3, e: 50, f: 2, g: 5, h: 5, i: 7 }],
  ),
  query(
    'texts are joined, and with NULL give NULL',
    select({ a: people.name.concat('-').concat(people.name), b: people.name.concat(people.nick) })
      .from(people)
      .where(people.id.lte(2n))
      .orderBy(people.id),
    [
      { a: 'Ann-Ann', b: 'AnnA' },
      { a: 'Bob-Bob', b: null },
    ],
  ),
  query(
    'text functions',
    select({
      lower: lower(string('AbC')),
      upper: upper(string('AbC')),
      trim: trim(string('  a b ')),
      length: length(string('añ€🙂')),
      from: substring(string('hello'), 2),
      part: substring(string('hello'), 2, 3),
      beyond: substring(string('hello'), 9, 3),
      replace: replace(string('a-b-c'), '-', '+'),
    }),
    [
      {
        lower: 'abc',
        upper: 'ABC',
        trim: 'a b',
        length: 4,
        from: 'ello',
        part: 'ell',
        beyond: '',
        replace: 'a+b+c',
      },
    ],
  ),
  query(
    'fields of a divided text',
    select({
      first: splitPart(string('a, b, c'), ', ', 1),
      last: splitPart(string('a, b, c'), ', ', 3),
      beyond: splitPart(string('a, b, c'), ', ', 4),
      whole: splitPart(string('abc'), ', ', 1),
      empty: splitPart(string(''), ', ', 1),
      between: splitPart(string(',,x'), ',', 2),
      missing: splitPart(nullIf(string('a'), 'a'), ',', 1),
    }),
    [{ first: 'a', last: 'c', beyond: '', whole: 'abc', empty: '', between: '', missing: null }],
  ),
  query(
    'number functions',
    select({
      abs: abs(int(-5)),
      real: abs(real(-1.5)),
      round: round(real(2.5)),
      digits: round(decimal('2.345'), 2),
      down: round(decimal('-2.5')),
    }),
    [{ abs: 5, real: 1.5, round: 3, digits: '2.35', down: '-3' }],
  ),
  query(
    'the first value that is not NULL',
    select({ nick: coalesce(people.nick, 'none'), two: coalesce(people.nick, people.name) })
      .from(people)
      .orderBy(people.id),
    [
      { nick: 'A', two: 'A' },
      { nick: 'none', two: 'Bob' },
      { nick: 'a%b_c\\d', two: 'a%b_c\\d' },
      { nick: '', two: '' },
    ],
  ),
  query(
    'NULL in place of a value',
    select({ nick: nullIf(people.nick, '') })
      .from(people)
      .where(people.id.eq(4n)),
    [{ nick: null }],
  ),
  query(
    'the first branch of a case that holds',
    select({
      text: caseWhen(people.score.gt(9), 'high').when(people.score.gt(0), 'some').else('low'),
      number: caseWhen(people.active, 1).else(0),
      open: caseWhen(people.score.gt(9), people.score).end(),
    })
      .from(people)
      .orderBy(people.id),
    [
      { text: 'high', number: 1, open: 10 },
      { text: 'some', number: 0, open: null },
      { text: 'low', number: 1, open: null },
      { text: 'low', number: 1, open: null },
    ],
  ),
  query(
    'numbers and texts are cast into each other',
    select({
      text: cast(int(42), text()),
      integer: cast(string('-17'), integer()),
      bigint: cast(int(5), bigint()),
      double: cast(string('1.5'), double()),
      numeric: cast(int(5), numeric()),
    }),
    [{ text: '42', integer: -17, bigint: 5n, double: 1.5, numeric: '5' }],
  ),
  query(
    'a cast to a whole number rounds',
    select({
      up: cast(decimal('2.7'), integer()),
      down: cast(decimal('-2.7'), integer()),
      half: cast(decimal('2.5'), integer()),
      real: cast(real(2.7), integer()),
      big: cast(real(-0.6), bigint()),
    }),
    [{ up: 3, down: -3, half: 3, real: 3, big: -1n }],
  ),
  query(
    'booleans are cast to texts and numbers and back',
    select({
      yes: cast(literal(true, boolean()), text()),
      no: cast(literal(false, boolean()), text()),
      one: cast(literal(true, boolean()), integer()),
      back: cast(int(5), boolean()),
      zero: cast(int(0), boolean()),
    }),
    [{ yes: 'true', no: 'false', one: 1, back: true, zero: false }],
  ),
  query(
    'timestamps are cast to texts',
    select({
      minute: cast(literal(new Date('2001-01-31T06:50:00Z'), timestamp()), text()),
      fraction: cast(literal(new Date('2001-01-31T00:00:10.250Z'), timestamp()), text()),
    }),
    [{ minute: '2001-01-31 06:50:00', fraction: '2001-01-31 00:00:10.25' }],
  ),
  query(
    'a cast of NULL is NULL',
    select({ a: cast(people.score, text()), b: cast(people.rate, integer()) })
      .from(people)
      .where(people.id.eq(3n)),
    [{ a: null, b: null }],
  ),
]
