import { defineConfig } from 'tsup'
import { library } from '../../tsup.shared.ts'

export default defineConfig(
  library('neutral', {
    index: 'src/index.ts',
    'opentelemetry/index': 'src/opentelemetry/index.ts',
    'zod/index': 'src/zod/index.ts',
  }),
)
