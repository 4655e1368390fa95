import type { Requirement, Score } from '../../nouns/index.js'

/** What is said of a failed state where no failed requirement has words of its own. */
export const NEUTRAL_FEEDBACK = 'That is not right yet. Please look again and correct it.'

/** Shares are sums of weights: what is below this apart is the same. */
const SAME = 1e-9

/**
 * The weights of the requirements that hold, of all. Passed where their share is at least `passAt`; with 1, where all hold. `items` are the
 * requirements' own words for feedback, in the same order.
 */
export function scoreOf(
  items: readonly { readonly feedback?: string | undefined }[],
  requirements: readonly Requirement[],
  passAt = 1,
): Score {
  const score = sum(requirements.filter((requirement) => requirement.passed))
  const max = sum(requirements)
  const passed = requirements.every((requirement) => requirement.passed) || (passAt < 1 && score / max >= passAt - SAME)
  return {
    score,
    max,
    passed,
    requirements: [...requirements],
    ...(passed ? {} : { feedback: feedbackOf(items, requirements) }),
  }
}

const sum = (requirements: readonly Requirement[]): number =>
  requirements.reduce((total, requirement) => total + requirement.weight, 0)

/** The failed requirements' own words, each once, in order. */
function feedbackOf(
  items: readonly { readonly feedback?: string | undefined }[],
  requirements: readonly Requirement[],
): string {
  const words = items.flatMap(({ feedback }, index) => {
    const said = requirements[index]?.passed === false ? feedback?.trim() : undefined
    return said === undefined || said === '' ? [] : [said]
  })
  return words.length === 0 ? NEUTRAL_FEEDBACK : [...new Set(words)].join('\n')
}
