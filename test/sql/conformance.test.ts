import { axes, conformanceCases, setUpConformance } from '@espalier/dialects/conformance'
import { beforeAll, describe, expect, it } from 'vitest'
import { allDatabases } from '../support/databases.js'

describe.each(await allDatabases())('$name conforms', ({ db, lacks }) => {
  beforeAll(() => setUpConformance(db))

  describe.each(axes)('with statements %s', (axis) => {
    it.each(conformanceCases)('$name', async ({ run, needs }) => {
      if (!needs.some((feature) => lacks.includes(feature))) return run(db, axis)
      // What the database has not, its dialect refuses before anything is sent.
      await expect(run(db, axis)).rejects.toMatchObject({ name: 'UnsupportedError', code: 'unsupported' })
    })
  })
})

it('has no two cases of one name', () => {
  const names = conformanceCases.map((one) => one.name)
  expect(new Set(names).size).toBe(names.length)
})
