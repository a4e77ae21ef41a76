import type { Case, Contender, OpenContender } from './contender.js'
import type { Request, Response } from './protocol.js'
import { allocated, sample, warm } from './timing.js'

/** The process of one contender: answers the bench's requests, one at a time, until it is told to close. */
export function serve(open: OpenContender): void {
  let contender: Contender | undefined
  const caseOf = (name: string): Case => {
    const found = contender?.cases[name]
    if (found === undefined) throw new Error(`This contender has no case ${name}`)
    return found
  }

  const answer = async (request: Request): Promise<unknown> => {
    switch (request.ask) {
      case 'open':
        contender = await open(request.settings)
        return Object.keys(contender.cases)
      case 'warm':
        return await warm(request.cases.map(caseOf), request.milliseconds)
      case 'evidence': {
        const test = caseOf(request.case)
        return await (test.evidence?.() ?? test.run(1))
      }
      case 'time':
        return await sample(caseOf(request.case), request.sampling)
      case 'heap':
        return allocated(caseOf(request.case), request.batches)
      case 'close':
        return await contender?.close?.()
    }
  }

  // The bench has gone: nobody waits for an answer.
  process.on('disconnect', () => process.exit())
  process.on('message', async (request: Request) => {
    const response: Response = await answer(request).then(
      (value) => ({ value }),
      (error: unknown) => ({
        error: error instanceof Error ? (error.stack ?? error.message) : String(error),
      }),
    )
    process.send?.(response, () => {
      if (request.ask === 'close') process.exit()
    })
  })
}
