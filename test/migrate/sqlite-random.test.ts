import { bigint, boolean, integer, sql, table, text, unique } from '@espalier/core'
import {
  addColumn,
  addConstraint,
  alterColumn,
  alterTable,
  dropColumn,
  dropConstraint,
  type Operation,
  renameColumn,
  renameConstraint,
} from '@espalier/migrate'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Bare, bareDatabase } from './sqlite-tables.js'

const seed = Number(process.env['FUZZ_SEED'] ?? 2026)
const numRuns = 60 * Number(process.env['FUZZ_TIMES'] ?? 1)

const pick = <const T>(...values: T[]) => fc.constantFrom(...values)

/** A column of the table that is altered, as it is written. */
interface Column {
  readonly name: string
  readonly written: string
}

const names = ['a', 'b', 'Select', 'two words', 'x"y', 'rowid']
const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`

/** A table with all that tables have, what refers to it, and rows. */
const schemas = fc
  .record({
    key: pick('none', 'integer', 'autoincrement', 'text', 'without rowid', 'both columns'),
    strict: fc.boolean(),
    columns: fc.array(
      fc.record({
        type: pick('int', 'text', 'real', 'any', 'blob'),
        collate: pick('', ' collate nocase', ' COLLATE  "rtrim"'),
        value: pick('', ' default 5', " default 'x''y'", ' default (1 + 1)', ' default current_timestamp'),
        check: pick('', ' check (1)', ' constraint "a check" check (length(1) > 0 /* ) */)'),
        reference: pick(
          '',
          ' references other (id) on delete cascade',
          ' references t deferrable initially deferred',
        ),
        space: pick(' ', '  ', '\n  ', ' /* c */ ', ' -- , (\n'),
      }),
      { minLength: 2, maxLength: names.length },
    ),
    computed: pick('', 'generated always as (1) stored', 'as (7) virtual unique'),
    tail: pick(
      '',
      ', check (1 < 2)',
      ", constraint 'named' check (2 > 1) on conflict fail",
      ', unique (a, b) on conflict replace',
    ),
    rows: fc.array(
      fc.array(pick('null', '1', "'a'", "'ü'", "x'00'", '1.5', '9007199254740993'), {
        minLength: 6,
        maxLength: 6,
      }),
      {
        maxLength: 8,
      },
    ),
    indexes: fc.subarray([
      'create index i1 on t (a desc)',
      'create index "i 2" ON t(b COLLATE NOCASE, a) where a is not null -- p',
      'create index i3 on t (lower(a), (b || 1))',
      'create unique index i4 on t (a, b) where a = 99',
    ]),
    around: fc.subarray([
      'create trigger t1 after insert on t when new.a > 1 begin insert into log values (new.a); end',
      'create trigger t2 before update of a on t begin select 1; end',
      'create trigger t3 after delete on other begin update t set a = 1 where b = old.id; end',
      'create view v1 as select a, b from t -- x',
      'create view v2 (one) as select count(*) from t',
      'create trigger t4 instead of insert on v2 begin insert into log values (new.one); end',
      'create table child (x references t on delete cascade on update cascade, y default (random()))',
    ]),
  })
  .map(({ key, strict, columns, computed, tail, rows, indexes, around }) => {
    const isLast = key === 'without rowid'
    const written: Column[] = columns.map((column, i) => {
      const name = names[i] as string
      const type = strict ? column.type : column.type.replace('any', 'any_thing(3)')
      const { space } = column
      return {
        name,
        written: `${quoted(name)}${space}${type}${column.collate}${column.value}${column.check}${column.reference}`,
      }
    })
    const keyed = {
      none: [],
      integer: ['id integer primary key'],
      autoincrement: ['id integer primary key autoincrement'],
      text: ['id text primary key'],
      'without rowid': ['id int primary key'],
      'both columns': ['id int, id2 int'],
    }[key]
    const parts = [
      ...keyed,
      ...written.map((one) => one.written),
      ...(computed === '' ? [] : [`computed int ${computed}`]),
    ]
    // A virtual column that is the same for all would be no key.
    const ends = `${tail}${key === 'both columns' ? ', primary key (id, id2 desc)' : ''}`
    const options = [strict ? 'strict' : '', isLast ? 'without rowid' : '']
      .filter((one) => one !== '')
      .join(', ')
    const script = [
      `create table other (id integer primary key)`,
      `create table log (x)`,
      `create table t (${parts.join(', ')}${ends})${options === '' ? '' : ` ${options}`}`,
      ...indexes,
      ...around,
    ]
    return { key, strict, columns: written.map(({ name }) => name), script, rows }
  })

const t = table('t', { id: bigint(), a: integer(), b: integer() })

/** A change that leaves the rows as they are, and what undoes it. */
const changes = (columns: readonly string[]) =>
  fc.oneof(
    fc.constant(addColumn('t', { n1: integer() })),
    fc.constant(addColumn('t', { n2: text().unique() })),
    fc.constant(addColumn('t', { n3: boolean().notNull().default(false) })),
    fc.constant(addConstraint(t, (c) => unique(c.id, c.a).named('added'))),
    fc
      .constantFrom(...columns)
      .map((name) => alterColumn('t', name, { default: 3 }, { from: { default: sql`keep()` } })),
    fc.constantFrom(...columns).map((name) => renameColumn('t', name, `${name}2`)),
  )

function filled(given: {
  script: readonly string[]
  columns: readonly string[]
  rows: readonly string[][]
  key: string
}): Bare | undefined {
  const bare = bareDatabase()
  for (const statement of given.script) {
    try {
      bare.raw.exec(statement)
    } catch {
      // What this table does not take, such as an index of a column that is not there, is left out.
      if (statement.startsWith('create table t')) return undefined
    }
  }
  bare.raw.pragma('foreign_keys = off')
  given.rows.forEach((row, i) => {
    const keys = { none: [], 'both columns': ['id', 'id2'] }[given.key] ?? ['id']
    const columns = [...keys, ...given.columns.map(quoted)]
    const values = [...keys.map(() => String((i + 1) * 3)), ...row.slice(0, given.columns.length)]
    try {
      bare.raw.exec(`insert into t (${columns.join(', ')}) values (${values.join(', ')})`)
    } catch {
      // A value that a strict table does not take.
    }
  })
  bare.raw.exec('insert into other select 1 where not exists (select 1 from other)')
  if (bare.stored()['child'] !== undefined) bare.raw.exec('insert into child (x) values (3), (6)')
  bare.raw.exec('analyze')
  bare.raw.pragma('foreign_keys = on')
  return bare
}

const dump = (bare: Bare) => {
  const stored = bare.stored()
  const tables = bare.raw.prepare(
    "select name from sqlite_schema where type = 'table' and name not like 'espalier\\_%' escape '\\' order by 1",
  )
  const rows = Object.fromEntries(
    (tables.pluck().all() as string[]).map((name) => [
      name,
      name === 'sqlite_stat4'
        ? []
        : bare
            .rows(name)
            .map((row) => (name.startsWith('sqlite_') ? row.slice(1) : row))
            .sort(),
    ]),
  )
  // To have counted nothing yet is the same as not to have counted.
  const counted = rows['sqlite_sequence']?.filter((row) => row[1] !== '0') ?? []
  return { stored, rows: { ...rows, sqlite_sequence: counted } as Record<string, unknown[][]> }
}

describe('random tables of SQLite under random changes', () => {
  it('keep all that is not changed byte for byte, and every row', async () => {
    let altered = 0
    await fc.assert(
      fc.asyncProperty(
        schemas.chain((schema) =>
          fc.tuple(fc.constant(schema), fc.array(changes(schema.columns), { minLength: 1, maxLength: 3 })),
        ),
        async ([schema, operations]) => {
          const bare = filled(schema)
          if (bare === undefined) return
          try {
            const before = dump(bare)
            // A default that was there has to come back as it was: it is taken of the table.
            const undone = operations.filter(({ kind }) => kind !== 'alterColumn')
            const one = new Set<string>()
            const each = undone.filter(({ description }) => !one.has(description) && one.add(description))
            if (each.length === 0) return
            const renames = each.some(({ kind }) => kind === 'renameColumn')
            const change = alterTable('t', each as Operation[])
            try {
              await bare.up(change)
            } catch (error) {
              // What cannot be done is refused, and nothing has changed.
              expect(String(error)).toMatch(
                /do not fit|does not fit|UNIQUE|no such column|has no column|duplicate column|cannot be altered|foreign key mismatch|circular|error in/,
              )
              expect(dump(bare)).toEqual(before)
              return
            }
            altered++
            const after = dump(bare)
            for (const name of Object.keys(before.stored)) {
              if (name === 't' || renames) continue
              expect(after.stored[name]).toBe(before.stored[name])
            }
            expect(Object.keys(after.stored)).toEqual(Object.keys(before.stored))
            for (const [name, rows] of Object.entries(before.rows)) {
              if (name !== 't') expect(after.rows[name], name).toEqual(rows)
            }
            const isAdded = each.some(({ kind }) => kind === 'addColumn')
            if (!isAdded) expect(after.rows['t']).toEqual(before.rows['t'])
            expect(after.rows['t']).toHaveLength(before.rows['t']?.length ?? 0)
            await bare.down(change)
            const back = dump(bare)
            expect(back.rows).toEqual(before.rows)
            if (!renames) expect(back.stored).toEqual(before.stored)
          } finally {
            await bare.db.close()
          }
        },
      ),
      { seed, numRuns },
    )
    expect(altered).toBeGreaterThan(numRuns / 5)
  }, 300_000)
})
void [dropColumn, dropConstraint, renameConstraint]
