import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

/** What stands between a client and a server, and fails as networks do. */
export interface TcpProxy {
  /** The server's URL, by way of the proxy. */
  readonly url: string
  /** How many connections clients have to it. */
  connections(): number
  /** Breaks off all connections. */
  cut(): void
  /** From now on nothing passes, in either direction, and nobody is told; new connections are accepted all the same. */
  swallow(): void
  /** Lets new connections pass again. Those from which something was swallowed stay silent. */
  recover(): void
  close(): Promise<void>
}

/** Listens on a free port for connections to the server of a URL. */
export async function tcpProxy(serverUrl: string): Promise<TcpProxy> {
  const server = new URL(serverUrl)
  const sockets = new Set<Socket>()
  const clients = new Set<Socket>()
  let swallows = false
  const keep = (socket: Socket): Socket => {
    sockets.add(socket)
    return socket.on('close', () => sockets.delete(socket)).on('error', () => {})
  }
  const listener = createServer((client) => {
    clients.add(keep(client))
    client.on('close', () => clients.delete(client))
    const onwards = keep(connect(Number(server.port), server.hostname))
    const pass = (from: Socket, to: Socket) => {
      let silent = swallows
      from.on('data', (data) => {
        silent ||= swallows
        if (!silent) to.write(data)
      })
      from.on('close', () => {
        if (!silent) to.destroy()
      })
    }
    pass(client, onwards)
    pass(onwards, client)
  })
  listener.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const address = listener.address()
  if (address === null || typeof address === 'string') throw new Error('The proxy has no port.')
  const url = new URL(server)
  url.port = String(address.port)
  const cut = () => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    url: url.href,
    connections: () => clients.size,
    cut,
    swallow: () => {
      swallows = true
    },
    recover: () => {
      swallows = false
    },
    close: async () => {
      cut()
      listener.close()
      await once(listener, 'close')
    },
  }
}
