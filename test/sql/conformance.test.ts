import { axes, conformanceCases, setUpConformance } from '@espalier/dialects/conformance'
import { beforeAll, describe, expect, it } from 'vitest'
import { allDatabases } from '../support/databases.js'

describe.each(await allDatabases())('$name conforms', ({ db }) => {
  beforeAll(() => setUpConformance(db))

  describe.each(axes)('with statements %s', (axis) => {
    it.each(conformanceCases)('$name', ({ run }) => run(db, axis))
  })
})

it('has no two cases of one name', () => {
  const names = conformanceCases.map((one) => one.name)
  expect(new Set(names).size).toBe(names.length)
})
