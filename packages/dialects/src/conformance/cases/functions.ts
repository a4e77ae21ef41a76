import {
  acos,
  ascii,
  asin,
  atan,
  atan2,
  ceil,
  chr,
  concat,
  concatWs,
  cos,
  degrees,
  double,
  exp,
  floor,
  greatest,
  integer,
  least,
  left,
  literal,
  ln,
  log10,
  lpad,
  ltrim,
  nullIf,
  numeric,
  octetLength,
  pi,
  position,
  power,
  radians,
  random,
  repeat,
  replace,
  reverse,
  right,
  round,
  rpad,
  rtrim,
  select,
  sign,
  sin,
  sqrt,
  tan,
  text,
  trim,
  trunc,
} from '@espalier/core'
import { type CaseDefinition, query } from '../case.js'
import { people, posts } from '../schema.js'

const int = (value: number) => literal(value, integer())
const real = (value: number) => literal(value, double())
const decimal = (value: string) => literal(value, numeric())
const string = (value: string) => literal(value, text())
const missing = nullIf(string('a'), 'a')

export const functions: readonly CaseDefinition[] = [
  query(
    'characters cut off the ends of a text',
    select({
      left: ltrim(string('  a ')),
      right: rtrim(string('  a ')),
      both: trim(string('<<a>>'), '<>'),
      leftOf: ltrim(string('xyxa'), 'xy'),
      rightOf: rtrim(string('axyx'), 'xy'),
      none: trim(string(' a '), ''),
    }),
    [{ left: 'a ', right: '  a', both: 'a', leftOf: 'a', rightOf: 'a', none: ' a ' }],
  ),
  query(
    'the beginning and the end of a text',
    select({
      left: left(string('añ€🙂x'), 3),
      all: left(string('ab'), 9),
      none: left(string('ab'), 0),
      right: right(string('añ€🙂x'), 3),
      whole: right(string('ab'), 9),
      empty: right(string('ab'), 0),
      missing: right(missing, 1),
    }),
    [{ left: 'añ€', all: 'ab', none: '', right: '€🙂x', whole: 'ab', empty: '', missing: null }],
  ),
  query(
    'texts filled up to a length',
    select({
      left: lpad(string('7'), 3, '0'),
      right: rpad(string('7'), 3),
      cut: lpad(string('abcdef'), 3),
      cutToo: rpad(string('abcdef'), 3, 'x'),
      pattern: lpad(string('x'), 6, 'ab'),
      empty: rpad(string('x'), 6, ''),
      missing: lpad(missing, 3, '0'),
    }),
    [{ left: '007', right: '7  ', cut: 'abc', cutToo: 'abc', pattern: 'ababax', empty: 'x', missing: null }],
  ),
  query(
    'texts repeated and turned round',
    select({
      three: repeat(string("a'€"), 3),
      none: repeat(string('a'), 0),
      reverse: reverse(string('añ€🙂')),
      empty: reverse(string('')),
      missing: reverse(missing),
      missingToo: repeat(missing, 2),
    }),
    [{ three: "a'€a'€a'€", none: '', reverse: '🙂€ña', empty: '', missing: null, missingToo: null }],
  ),
  query(
    'where a text stands in another',
    select({
      third: position(string('€ab€'), 'b'),
      nowhere: position(string('abc'), 'x'),
      empty: position(string('abc'), ''),
      missing: position(missing, 'x'),
      column: position(people.name, people.nick),
    })
      .from(people)
      .where(people.id.eq(1n)),
    [{ third: 3, nowhere: 0, empty: 1, missing: null, column: 1 }],
  ),
  query(
    'a text replaced by that of a column',
    select({ a: replace(people.name, people.nick, '*'), b: replace(string('x-y'), '-', people.name) })
      .from(people)
      .where(people.id.lte(2n))
      .orderBy(people.id),
    [
      { a: '*nn', b: 'xAnny' },
      { a: null, b: 'xBoby' },
    ],
  ),
  query(
    'texts joined without those that are NULL',
    select({
      plain: concat(people.name, '/', people.nick),
      separated: concatWs(', ', people.nick, people.name, 'x'),
      nothing: concatWs(', ', people.nick),
    })
      .from(people)
      .where(people.id.lte(2n))
      .orderBy(people.id),
    [
      { plain: 'Ann/A', separated: 'A, Ann, x', nothing: 'A' },
      { plain: 'Bob/', separated: 'Bob, x', nothing: '' },
    ],
  ),
  query(
    'characters and their numbers, and bytes',
    select({
      letter: ascii(string('A')),
      euro: ascii(string('€uro')),
      empty: ascii(string('')),
      missing: ascii(missing),
      character: chr(int(8364)),
      none: chr(nullIf(int(1), 1)),
      bytes: octetLength(string('a€')),
    }),
    [{ letter: 65, euro: 8364, empty: 0, missing: null, character: '€', none: null, bytes: 4 }],
  ),
  query(
    'numbers brought to whole ones',
    select({
      ceil: ceil(real(-1.5)),
      floor: floor(real(-1.5)),
      trunc: trunc(real(-1.5)),
      ceilDecimal: ceil(decimal('0.1').add('0.2').mul('10')),
      floorDecimal: floor(decimal('-2.5')),
      truncDecimal: trunc(decimal('2.99')),
      missing: floor(nullIf(decimal('1'), '1')),
      negative: sign(int(-5)),
      zero: sign(real(0)),
      positive: sign(decimal('0.01')),
    }),
    [
      {
        ceil: -1,
        floor: -2,
        trunc: -1,
        ceilDecimal: '3',
        floorDecimal: '-3',
        truncDecimal: '2',
        missing: null,
        negative: -1,
        zero: 0,
        positive: 1,
      },
    ],
  ),
  query(
    'roots, powers and logarithms',
    select({
      sqrt: sqrt(int(9)),
      decimal: sqrt(decimal('2.25')),
      power: power(int(2), 10),
      half: power(real(6.25), real(0.5)),
      exp: round(exp(real(1)), 6),
      ln: round(ln(real(10)), 6),
      log: log10(int(1000)),
      missing: sqrt(people.score),
    })
      .from(people)
      .where(people.id.eq(3n)),
    [{ sqrt: 3, decimal: 1.5, power: 1024, half: 2.5, exp: 2.718282, ln: 2.302585, log: 3, missing: null }],
  ),
  query(
    'angles',
    select({
      pi: round(pi(), 6),
      sin: round(sin(real(1)), 6),
      cos: round(cos(int(0)), 6),
      tan: round(tan(real(1)), 6),
      asin: round(asin(int(1)), 6),
      acos: round(acos(int(1)), 6),
      atan: round(atan(int(1)), 6),
      atan2: round(atan2(int(1), int(-1)), 6),
      degrees: round(degrees(pi()), 6),
      radians: round(radians(int(180)), 6),
    }),
    [
      {
        pi: 3.141593,
        sin: 0.841471,
        cos: 1,
        tan: 1.557408,
        asin: 1.570796,
        acos: 0,
        atan: 0.785398,
        atan2: 2.356194,
        degrees: 180,
        radians: 3.141593,
      },
    ],
  ),
  query(
    'a random number is from 0 to 1',
    select({ n: random().gte(0).and(random().lt(1)) })
      .from(posts)
      .limit(1),
    [{ n: true }],
  ),
  query(
    'the greatest and smallest of several values, NULL left out',
    select({
      id: people.id,
      atLeast: greatest(people.score, 8),
      atMost: least(people.score, 8),
      two: greatest(people.score, people.orgId),
      three: least(people.name, people.nick, 'M'),
      price: greatest(people.price, '1.00'),
    })
      .from(people)
      .where(people.id.gte(3n))
      .orderBy(people.id),
    [
      { id: 3n, atLeast: 8, atMost: 8, two: 2, three: 'Cyd', price: '1' },
      { id: 4n, atLeast: 8, atMost: -7, two: -7, three: '', price: '1' },
    ],
  ),
  query(
    'NULL in place of a value that equals that of a column',
    select({ nick: nullIf(people.name, people.nick), other: nullIf(people.name, people.name) })
      .from(people)
      .where(people.id.eq(1n)),
    [{ nick: 'Ann', other: null }],
  ),
]
