import type { Query } from '../../nouns/index.js'
import { toYaml } from '../../shared/yaml/index.js'

// A newline and a tab are layout; every other control character could steer the terminal.
const CONTROL = /[^\P{Cc}\n\t]/gu

/** A query as its file holds it, with control characters escaped. */
export function describeQuery(query: Query): string {
  return toYaml(query).replace(
    CONTROL,
    (character) => `\\x${(character.codePointAt(0) ?? 0).toString(16).padStart(2, '0')}`,
  )
}
