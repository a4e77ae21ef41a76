import { defineConfig } from 'tsup'
import { library } from '../../tsup.shared.ts'

export default defineConfig(
  library('node', {
    index: 'src/index.ts',
    'cli/index': 'src/cli/index.ts',
    'testing/index': 'src/testing/index.ts',
  }),
)
