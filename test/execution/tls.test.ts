import {
  boolean,
  createAll,
  type Database,
  dropTable,
  integer,
  literal,
  select,
  sql,
  table,
  text,
  timestamptz,
} from '@espalier/core'
import { conformanceCases, setUpConformance } from '@espalier/dialects/conformance'
import { postgres } from '@espalier/dialects/postgres'
import { generate } from 'selfsigned'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startPostgres } from '../support/postgres-server.js'
import { errorOf } from '../support/sql.js'

/** A certificate for this machine, which nobody else has signed. */
const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }], {
  extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] }],
})

const server = await startPostgres({ cert, key })
const db = postgres(server.url, { ssl: { ca: cert, servername: 'localhost' } })
afterAll(async () => {
  await db.close()
  await server.stop()
})

const isEncrypted = (on: Database) =>
  on.scalar(sql.query({ ssl: boolean().notNull() })`select ssl from pg_stat_ssl where pid = pg_backend_pid()`)

/** What comes of a connection with such options. */
async function refusal(options: { readonly ssl?: 'verify-full' | { ca: string; servername: string } }) {
  await using other = postgres(server.url, options)
  const { name, message } = await errorOf(() => isEncrypted(other))
  return `${name}: ${message}`.replace(/\d+\.\d+\.\d+\.\d+:\d+/, '<address>')
}

describe('PostgreSQL over TLS', () => {
  it('is what these tests speak', async () => {
    expect(await isEncrypted(db)).toBe(true)
  })

  it('is asked for by the URL, too', async () => {
    await using other = postgres(`${server.url}?sslmode=require`)
    expect(await isEncrypted(other)).toBe(true)
  })

  it('does not talk to a server whose certificate nobody vouches for', async () => {
    expect(await refusal({ ssl: 'verify-full' })).toBe(
      'ConnectionLost: No connection to PostgreSQL: nobody known vouches for its certificate; give that of who does: ' +
        '{ ssl: { ca } } (DEPTH_ZERO_SELF_SIGNED_CERT).',
    )
  })

  it('does not talk to a server that shows the certificate of another', async () => {
    expect(await refusal({ ssl: { ca: cert, servername: 'db.example.org' } })).toBe(
      'ConnectionLost: No connection to PostgreSQL: its certificate is one of another host; name the host as that does, ' +
        'or give { ssl: { servername } } (ERR_TLS_CERT_ALTNAME_INVALID).',
    )
  })

  it('is named where a server refuses who does not speak it', async () => {
    expect(await refusal({})).toMatch(
      /^ConnectionLost: PostgreSQL refused the login: .* whether it must be by TLS: { ssl: 'require' }\.$/,
    )
  })

  it('brings large rows, many statements at once and a bulk load, as in plain', async () => {
    const many = await Promise.all(
      Array.from({ length: 200 }, (_, n) => db.scalar(select(literal(n, integer())))),
    )
    expect(many).toEqual(Array.from({ length: 200 }, (_, n) => n))
    const loads = table('tls_loads', {
      id: integer().primaryKey(),
      text: text().notNull(),
      at: timestamptz(),
    })
    for (const statement of createAll([loads], db.dialect)) await db.run(statement)
    const at = new Date('2026-01-02T03:04:05.678Z')
    const rows = Array.from({ length: 500 }, (_, id) => ({
      id,
      text: 'é\t'.repeat(id),
      at: id % 2 ? at : null,
    }))
    expect(await db.load(loads, rows)).toMatchObject({ affected: 500 })
    expect(await db.all(select(loads).from(loads).orderBy(loads.id))).toEqual(rows)
    await db.run(dropTable(loads))
  })

  describe('conforms', () => {
    beforeAll(() => setUpConformance(db))
    it.each(conformanceCases)('$name', ({ run }) => run(db))
  })
})
