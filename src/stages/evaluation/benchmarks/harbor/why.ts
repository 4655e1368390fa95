/** Why a task cannot be measured here as it is meant. */
export interface Why {
  readonly why: string
}

export const because = (why: string): Why => ({ why })

export const isWhy = (value: object): value is Why => 'why' in value

/** The first of some rules that speaks against a task. */
export const firstAgainst = (rules: readonly (readonly [boolean, string])[]): Why | null => {
  const found = rules.find(([speaks]) => speaks)
  return found === undefined ? null : because(found[1])
}
