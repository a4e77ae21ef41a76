import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import {
  count,
  createTable,
  deleteFrom,
  ExecutionError,
  insert,
  LockTimeout,
  select,
  sql,
  sum,
  text,
} from '@espalier/core'
import { sqlite } from '@espalier/dialects/sqlite'
import { afterAll, describe, expect, it } from 'vitest'
import { errorOf } from '../support/sql.js'
import { entries } from './sqlite-writer-tables.js'

const directory = mkdtempSync(join(tmpdir(), 'espalier-faults-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

const intact = sql.query({ verdict: text() })`select integrity_check as verdict from pragma_integrity_check`
const pair = (id: number) => [
  { id: 2 * id, pair: id, amount: id },
  { id: 2 * id + 1, pair: id, amount: -id },
]

/** Another process with the file open; it does what it is told. */
function writer(path: string, doing: 'write' | 'hold'): ChildProcess {
  return fork(fileURLToPath(new URL('./sqlite-writer.ts', import.meta.url)), [path, doing], {
    execArgv: ['--import', 'tsx'],
  })
}

describe('a process that is killed with -9 while it writes', () => {
  it.each([true, false])('leaves whole transactions and a sound file, wal: %s', async (wal) => {
    const path = join(directory, `killed-${wal}.db`)
    await using db = sqlite(path, { wal })
    await db.run(createTable(entries))
    let told = 0
    for (let kills = 0; kills < 4; kills++) {
      const child = writer(path, 'write')
      child.on('message', (id) => {
        told = Number(id)
      })
      await once(child, 'message')
      await delay(30 + 40 * kills)
      child.kill('SIGKILL')
      await once(child, 'exit')
      expect(await db.scalar(intact)).toBe('ok')
      const kept = await db.one(select({ n: count(), sum: sum(entries.amount) }).from(entries))
      expect(kept.sum).toBe(0)
      // What the process was told to be committed is there; of the transaction after it, all or nothing.
      expect(kept.n).toBeGreaterThanOrEqual(2 * told)
      expect(kept.n % 2).toBe(0)
    }
    expect(told).toBeGreaterThan(3)
  })
})

describe('a file that another process writes', () => {
  it('is waited for as long as busyTimeout says, and then an error that may be tried again', async () => {
    const path = join(directory, 'held.db')
    await using db = sqlite(path, { busyTimeout: 100 })
    await db.run(createTable(entries))
    const child = writer(path, 'hold')
    await once(child, 'message')
    const begin = performance.now()
    const error = await errorOf(() => db.run(insert(entries).values(pair(1))))
    expect(error).toBeInstanceOf(LockTimeout)
    expect(error).toMatchObject({ retryable: true, databaseCode: 'SQLITE_BUSY' })
    expect(performance.now() - begin).toBeGreaterThan(90)
    // Readers are not kept out.
    expect(await db.scalar(select(count()).from(entries))).toBe(0)
    const waiting = sqlite(path, { busyTimeout: 20_000 })
    child.send('let go')
    await waiting.run(insert(entries).values(pair(1)))
    await waiting.close()
    await once(child, 'exit')
    expect(await db.scalar(select(count()).from(entries))).toBe(2)
  })
})

describe('a disk that is full', () => {
  it('fails a load and a transaction as a whole, and the handle goes on', async () => {
    await using db = sqlite(join(directory, 'full.db'))
    await db.run(createTable(entries))
    await db.run(insert(entries).values(pair(1)))
    await db.run(sql.statement`pragma max_page_count = 20`)
    const many = () => Array.from({ length: 20_000 }, (_, n) => pair(n + 10)).flat()
    const fails = [
      () => db.load(entries, many()),
      () => db.transaction((tx) => tx.load(entries, many())),
      () =>
        db.transaction(async (tx) => {
          await tx.run(deleteFrom(entries).everyRow())
          for (const rows of many()) await tx.run(insert(entries).values(rows))
        }),
    ]
    for (const fail of fails) {
      const error = await errorOf(fail)
      expect(error).toBeInstanceOf(ExecutionError)
      expect(error.message).toMatch(/full/i)
      expect(await db.all(select(entries.id).from(entries).orderBy(entries.id))).toEqual([2, 3])
    }
    await db.run(insert(entries).values(pair(2)))
    expect(await db.scalar(intact)).toBe('ok')
  })
})

describe('a file that may only be read', () => {
  it('refuses writes, in transactions too, and reads go on', async () => {
    const path = join(directory, 'read.db')
    {
      await using db = sqlite(path)
      await db.run(createTable(entries))
      await db.run(insert(entries).values(pair(1)))
    }
    await using db = sqlite(path, { readonly: true })
    const write = insert(entries).values(pair(2))
    for (const fail of [
      () => db.run(write),
      () => db.transaction((tx) => tx.run(write)),
      () => db.load(entries, pair(2)),
    ]) {
      expect((await errorOf(fail)).message).toMatch(/read.?only/i)
      expect(await db.scalar(select(count()).from(entries))).toBe(2)
    }
  })
})
