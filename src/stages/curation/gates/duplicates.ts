import type { Trajectory } from '../../../nouns/index.js'
import { compareText, type Candidate } from '../candidate.js'
import { isSameRequest, RequestIndex, requestShingles } from './request.js'
import { jaccard, messagesOf, messageText, shinglesOf, tokensOf } from './text.js'

/** Jaccard similarity of the whole conversations' shingles from which two show the same thing. */
export const SAME_CONVERSATION = 0.8

interface Print {
  readonly id: string
  readonly request: ReadonlySet<string>
  readonly conversation: ReadonlySet<string>
}

/**
 * Near-duplicates by id, each with the twin that is kept: of two that ask the same and answer almost the same, the cheaper
 * (fewer assistant messages, then fewer characters, then the smaller id).
 *
 * Similar means both: requests at least `SAME_REQUEST` and conversations (without system messages) at least
 * {@link SAME_CONVERSATION}, over three-token shingles. In a demonstration of a few lines one other file name or number is enough for
 * a request of its own; two solutions of one task that differ in their commands are both kept.
 */
export function nearDuplicates(candidates: readonly Candidate[]): ReadonlyMap<string, string> {
  const kept = new RequestIndex<Print>()
  const twins = new Map<string, string>()
  for (const { trajectory } of [...candidates].sort(byCost)) {
    const print = printOf(trajectory)
    const twin = kept.near(print.request).find((other) => isTwin(print, other))
    if (twin === undefined) kept.add(print)
    else twins.set(print.id, twin.id)
  }
  return twins
}

const isTwin = (a: Print, b: Print): boolean =>
  isSameRequest(a.request, b.request) && jaccard(a.conversation, b.conversation) >= SAME_CONVERSATION

function printOf(trajectory: Trajectory): Print {
  return {
    id: trajectory.id,
    request: requestShingles(trajectory),
    conversation: shinglesOf(tokensOf(spoken(trajectory).join('\n'))),
  }
}

const spoken = (trajectory: Trajectory): string[] =>
  messagesOf(trajectory)
    .filter((message) => message.role !== 'system')
    .map(messageText)

function byCost(a: Candidate, b: Candidate): number {
  const [left, right] = [costOf(a.trajectory), costOf(b.trajectory)]
  return left.turns - right.turns || left.characters - right.characters || compareText(a.trajectory.id, b.trajectory.id)
}

function costOf(trajectory: Trajectory): { turns: number; characters: number } {
  const turns = messagesOf(trajectory).filter((message) => message.role === 'assistant').length
  return { turns, characters: spoken(trajectory).reduce((sum, text) => sum + text.length, 0) }
}
