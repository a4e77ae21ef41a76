import { afterAll, expect, it } from 'vitest'
import { messageFilter } from '../../packages/dialects/src/postgres/messages.js'
import {
  type CopyQuery,
  openPostgresJs,
  type RawResult,
  Statement,
} from '../../packages/dialects/src/postgres/postgres-js.js'
import { FilteredSocket } from '../../packages/dialects/src/postgres/socket.js'
import { testDatabaseUrl } from '../support/postgres.js'

/** A statement and the promise of its answer. */
class Sent extends Statement {
  resolve!: (result: RawResult) => void
  reject!: (error: unknown) => void
  readonly result: Promise<RawResult>

  constructor(text: string, params: (string | null)[], prepare: boolean) {
    super(text, params, prepare)
    this.result = new Promise((resolve, reject) => {
      this.resolve = (result) => {
        this.active = false
        resolve(result)
      }
      this.reject = reject
    })
  }
}

let sockets = 0
let greetings = 0
let closed = 0
/** The statements that are asked whether the answer that begins now is theirs, and how many were when it was. */
const asked = new Set<Sent>()
let answers = ''
const url = await testDatabaseUrl()

const current = () => {
  answers += [...asked].map((query) => Number(query.active)).join('')
  return undefined
}
const client = openPostgresJs(
  url,
  { onnotice: () => {} },
  {
    onclose: () => closed++,
    ongreeting: () => greetings++,
    socket: (address) => new FilteredSocket(address, sockets++, (pass) => messageFilter(current, pass)),
  },
)
afterAll(() => client.end({ timeout: 0 }))

const send = (text: string, params: (string | null)[] = []): Sent => {
  const statement = new Sent(text, params, true)
  client.send(statement)
  return statement
}
const run = (text: string, params: (string | null)[] = []) => send(text, params).result

/** A second connection, which nobody listens to. */
const another = () =>
  openPostgresJs(
    url,
    {},
    {
      onclose: () => {},
      ongreeting: () => {},
      socket: (address) => new FilteredSocket(address, 0, (pass) => pass),
    },
  )

/** What the driver needs of postgres.js, by what a version lacks where it is not so. */
const needs: Readonly<Record<string, () => Promise<boolean>>> = {
  'options.socket, by which the driver brings its own socket': async () => {
    await run('select 1')
    return sockets === 1
  },
  'options.onparameter, by which it knows that the server has answered': async () => greetings > 0,
  'query.isRaw, rows as arrays with command, count and columns': async () => {
    const result = await run('select 7 as n')
    const { command, count, columns } = result
    return result[0]?.[0] === '7' && command === 'SELECT' && count === 1 && columns?.[0]?.type === 23
  },
  'query.parameters, texts that are sent as they are': async () => {
    const [row] = await run('select $1::integer + 1, $2::text', ['41', null])
    return row?.[0] === '42' && row[1] === null
  },
  'query.active, true while its answer comes and false after that': async () => {
    const both = [send('select 1'), send('select 2')] as const
    for (const query of both) asked.add(query)
    await Promise.all(both.map(({ result }) => result))
    asked.clear()
    return answers === '1001' && both.every(({ active }) => !active)
  },
  'query.retried, the error for which a prepared query was sent again': async () => {
    await run('create table changing (a integer)')
    await run('select * from changing')
    await run('alter table changing add column b integer')
    const again = send('select * from changing')
    await again.result
    const other = send('select 1')
    await other.result
    return again.retried !== undefined && !other.retried
  },
  'query.canceller, which takes back what was not sent': async () => {
    const other = another()
    const statement = new Sent('select 1', [], false)
    other.send(statement)
    await other.cancel(statement)
    const code = await statement.result.then(
      () => undefined,
      (error: { readonly code?: string }) => error.code,
    )
    await other.end({ timeout: 0 })
    return code === '57014'
  },
  'query.writable() and query.reject(), by which a refused COPY is heard': async () => {
    await run('create table copied (n integer)')
    const query: CopyQuery = client.copy('copy copied from stdin')
    const { reject } = query
    const refused = new Promise<unknown>((resolve) => {
      query.reject = (error) => {
        reject(error)
        resolve(error)
      }
    })
    const writable = await query.writable()
    writable.on('error', () => undefined)
    writable.end('no number\n')
    const error = (await refused) as { code?: string }
    return error.code === '22P02'
  },
  'options.onclose, by which it hears that the connection is gone': async () => {
    const [row] = await run('select pg_backend_pid()')
    const other = another()
    const statement = new Sent('select pg_terminate_backend($1)', [String(row?.[0])], false)
    other.send(statement)
    await statement.result
    await other.end()
    for (let tries = 0; closed === 0 && tries < 100; tries++)
      await new Promise((resolve) => setTimeout(resolve, 20))
    return closed === 1
  },
}

it('postgres.js has all that the driver leans on', async () => {
  const missing: string[] = []
  for (const [what, holds] of Object.entries(needs)) {
    const timeout = new Promise<false>((resolve) => setTimeout(resolve, 5000, false))
    const isThere = await Promise.race([holds(), timeout]).catch(() => false)
    if (!isThere) missing.push(what)
  }
  expect(missing, 'what this version of the package postgres lacks').toEqual([])
})
