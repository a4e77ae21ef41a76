import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A pooler in transaction mode, and what it saw. */
export interface TransactionPooler {
  /** The database through it. */
  readonly url: string
  /** How often a client was given another connection of the server than it had before. */
  moves(): number
  close(): Promise<void>
}

/**
 * Stands before a server as a pooler in transaction mode, and a harsh one: each transaction of a client runs on the connection
 * that has been free for the longest, mostly that of another client. A client logs in at the server itself, by a connection
 * that all share from then on.
 */
export async function transactionPooler(target: string): Promise<TransactionPooler> {
  const url = new URL(target)
  const [port, host] = [Number(url.port), url.hostname]
  const free: Backend[] = []
  const waiting: (() => void)[] = []
  const sockets = new Set<Socket>()
  let moves = 0

  const server = createServer((client) => {
    const login = connect(port, host)
    for (const socket of [client, login]) {
      sockets.add(socket)
      socket.setNoDelay(true)
      socket.on('error', () => socket.destroy())
      socket.on('close', () => sockets.delete(socket))
    }
    const first: Backend = { socket: login, receive: undefined, gone: undefined }
    login.on('data', (data) => first.receive?.(data))
    login.on('close', () => first.gone?.())

    const pending: Buffer[] = []
    let backend: Backend | undefined = first
    let last: Backend | undefined
    let loggedIn = false
    /** Messages that the server answers by ReadyForQuery, and whether others were sent behind the last of them. */
    let unanswered = 1
    let unsynced = false

    const take = (taken: Backend): void => {
      backend = taken
      taken.receive = fromServer
      taken.gone = () => client.destroy()
    }
    const giveBack = (): void => {
      last = backend
      backend!.receive = undefined
      backend!.gone = undefined
      free.push(backend!)
      backend = undefined
      waiting.shift()?.()
    }
    const toServer = frames(
      () => loggedIn,
      (message) => {
        const type = String.fromCharCode(message[0]!)
        if (type === 'X') return
        if (type === 'Q' || type === 'S') {
          unanswered++
          unsynced = false
        } else if (!'dcf'.includes(type)) unsynced = true
        pending.push(message)
        flush()
      },
    )
    const flush = (): void => {
      if (backend === undefined) {
        const next = free.shift()
        if (next === undefined) {
          if (!waiting.includes(flush)) waiting.push(flush)
          return
        }
        if (last !== undefined && next !== last) moves++
        take(next)
      }
      for (const message of pending.splice(0)) backend!.socket.write(message)
    }
    const readyForQuery = frames(
      () => true,
      (message) => {
        if (message[0] !== 'Z'.charCodeAt(0)) return
        loggedIn = true
        unanswered--
        if (unanswered === 0 && !unsynced && message[5] === 'I'.charCodeAt(0)) giveBack()
      },
    )
    const fromServer = (data: Buffer): void => {
      client.write(data)
      readyForQuery(data)
    }
    take(first)
    client.on('data', (data) => {
      if (loggedIn) toServer(data)
      else login.write(data)
    })
    client.on('close', () => {
      // Within a transaction, or while logging in: the server rolls back.
      if (backend !== undefined) backend.socket.destroy()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  url.port = String((server.address() as AddressInfo).port)
  return {
    url: url.href,
    moves: () => moves,
    async close() {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}

/** A connection of the server, and who has it. */
interface Backend {
  readonly socket: Socket
  receive: ((data: Buffer) => void) | undefined
  gone: (() => void) | undefined
}

/** Calls a function with each whole message: a type, its length with that of the length, and the rest. */
function frames(isFramed: () => boolean, each: (message: Buffer) => void): (data: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0)
  return (data) => {
    if (!isFramed()) return
    rest = Buffer.concat([rest, data])
    while (rest.length >= 5) {
      const length = 1 + rest.readUInt32BE(1)
      if (rest.length < length) return
      each(rest.subarray(0, length))
      rest = rest.subarray(length)
    }
  }
}
