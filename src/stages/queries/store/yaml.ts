import type { z } from 'zod'
import type { Result } from '../../../nouns/index.js'
import { readYaml as read } from '../../../shared/yaml/index.js'

/** Reads a file of a query or of its checks; `query.invalid` with line and field where it does not fit. */
export const readYaml = <Schema extends z.ZodType>(file: string, schema: Schema): Promise<Result<z.infer<Schema>>> =>
  read(file, { schema, code: 'query.invalid', remedy: 'correct this place; docs/queries.md lists every field' })
