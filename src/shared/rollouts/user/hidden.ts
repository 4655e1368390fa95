import type { Check, Query, Score } from '../../../nouns/index.js'
import { textOf } from '../../models/index.js'
import type { FeedbackGiven } from '../feedback.js'

/** All that scores a query and that nobody but the scorer knows: its checks or rubric, and what the scorer saw in this round. */
export function hiddenTexts({ scoring }: Query, score: Score): string[] {
  const evidence = score.requirements.map((requirement) => requirement.evidence)
  if (scoring.kind === 'checks') return [...scoring.checks.flatMap(checkTexts), ...evidence]
  if (scoring.kind === 'judge') return [...scoring.rubric.map(({ requirement }) => requirement), ...evidence]
  return evidence
}

function checkTexts(check: Check): string[] {
  const { equals, contains, matches } = check
  const own = check.kind === 'file' ? check.path : check.kind === 'command' ? check.run : undefined
  return [own, equals, contains, matches].filter((text) => text !== undefined)
}

/** What the agent has seen, or could have seen: what was asked, the files it was given, and all that was said and shown. */
export function seenTexts({ query, answer, score, seen }: FeedbackGiven): string[] {
  const said = seen.flatMap(({ content, toolCalls = [] }) => [
    textOf(content),
    ...toolCalls.flatMap((call) => [call.name, call.arguments, spoken(call.arguments)]),
  ])
  const files = Object.entries(query.start.files).flat()
  return [query.request, ...files, ...said, answer, ...(score.feedback === undefined ? [] : [score.feedback])]
}

/** Arguments are JSON, in which a line end is `\n`. */
const spoken = (text: string): string => text.replace(/\\[nrt]/g, ' ').replaceAll('\\"', '"')
