export { insertSchema, selectSchema, updateSchema } from './schemas.js'
export type {
  BareSchema,
  InsertShape,
  PlainSchema,
  Refined,
  Refinements,
  RowSchema,
  SelectionSchema,
  SourceShape,
  UpdateShape,
  ValueSchema,
} from './shapes.js'
