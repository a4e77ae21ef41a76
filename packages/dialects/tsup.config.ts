import { defineConfig } from 'tsup'
import { library } from '../../tsup.shared.ts'

export default defineConfig(
  library('node', {
    index: 'src/index.ts',
    'postgres/index': 'src/postgres/index.ts',
    'postgres/inspect/index': 'src/postgres/inspect/index.ts',
    'pglite/index': 'src/pglite/index.ts',
    'sqlite/inspect/index': 'src/sqlite/inspect/index.ts',
    'sqlite/index': 'src/sqlite/index.ts',
    'conformance/index': 'src/conformance/index.ts',
  }),
)
