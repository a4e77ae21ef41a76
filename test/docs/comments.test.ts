import { expect, test } from 'vitest'
import { undocumented } from './surface.js'

test('Every public name and every method of a public interface has a doc comment', {
  timeout: 60_000,
}, () => {
  expect(undocumented().join('\n')).toBe('')
})
