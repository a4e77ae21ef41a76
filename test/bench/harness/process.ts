import { type ChildProcess, fork } from 'node:child_process'
import type { Settings } from './contender.js'
import type { ContenderName } from './measurement.js'
import type { Request, Response } from './protocol.js'

/** A contender's process, seen from the bench. */
export class ContenderProcess {
  readonly name: ContenderName
  /** The cases that it takes part in, once it is open. */
  cases: readonly string[] = []
  readonly #child: ChildProcess

  constructor(name: ContenderName, script: string, nodeOptions: readonly string[]) {
    this.name = name
    // Structured clone, so that dates and bigints arrive as what they are. Output goes to the error stream:
    // the standard output belongs to the report.
    this.#child = fork(script, {
      execArgv: [...nodeOptions],
      serialization: 'advanced',
      stdio: ['ignore', process.stderr.fd, 'inherit', 'ipc'],
    })
  }

  async open(settings: Settings): Promise<void> {
    this.cases = (await this.ask({ ask: 'open', settings })) as string[]
  }

  /** The answer to a request; an error of the contender is thrown here. */
  ask(request: Request): Promise<unknown> {
    const child = this.#child
    return new Promise((resolve, reject) => {
      const settle = (finish: () => void) => {
        child.off('message', onMessage)
        child.off('exit', onExit)
        finish()
      }
      const onMessage = (response: Response) =>
        settle(() => {
          if ('error' in response) reject(new Error(`${this.name}: ${response.error}`))
          else resolve(response.value)
        })
      const onExit = (code: number | null) =>
        settle(() => {
          reject(new Error(`${this.name}: its process ended with ${code} when asked to ${request.ask}`))
        })
      child.on('message', onMessage)
      child.on('exit', onExit)
      if (child.exitCode === null) child.send(request)
      else onExit(child.exitCode)
    })
  }

  kill(): void {
    this.#child.kill()
  }
}
