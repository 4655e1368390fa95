import { done, type Outcome, type Result, type RoundRecord, type Score } from '../../../nouns/index.js'
import { askAgain, askNote, askVerdict, type Ask, type Verdict } from './ask.js'
import type { ChildEnd } from './child.js'

/** A person at work with an agent, round by round. */
export interface SessionPlan {
  /** Plays a round, 1-based: the person works until the agent's program ends. */
  readonly play: (round: number) => Promise<Result<ChildEnd>>
  /** What the workspace is worth after a round; absent where no query is worked on. */
  readonly score?: () => Promise<Result<Score>>
  readonly rounds: number
  /** Who can be asked; absent where nobody is at a terminal. */
  readonly ask?: Ask
  /** What the person said beforehand. */
  readonly verdict?: Verdict
  readonly note?: string
  /** How the outcome was decided by the query's scoring. */
  readonly scoredBy?: Outcome['by']
  readonly say: (line: string) => void
}

export interface Session {
  readonly end: ChildEnd
  readonly rounds: readonly RoundRecord[]
  readonly outcome: Outcome
  readonly note?: string
}

/**
 * Rounds until one passes, none is left or the person has enough, then the outcome: what the person says, or, where they say nothing, the last
 * score. A score that could not be made is told, and the person asked. Failures are those of starting the program.
 */
export async function playSession(plan: SessionPlan): Promise<Result<Session>> {
  const rounds: RoundRecord[] = []
  for (let round = 1; ; round += 1) {
    const played = await plan.play(round)
    if (!played.ok) return played
    const record = await scoreRound(plan, round)
    if (record !== null) rounds.push(record)
    if (record !== null && (await goesOn(plan, record))) continue
    const outcome = await outcomeOf(plan, rounds.at(-1))
    const note = plan.note ?? (plan.ask === undefined ? undefined : await askNote(plan.ask))
    return done({ end: played.value, rounds, outcome, ...(note === undefined ? {} : { note }) })
  }
}

async function scoreRound({ score, say }: SessionPlan, round: number): Promise<RoundRecord | null> {
  if (score === undefined) return null
  const scored = await score()
  if (!scored.ok) {
    say(`round ${round} was not scored: ${scored.failure.message} (${scored.failure.code})`)
    return null
  }
  const { score: points, max, passed, feedback } = scored.value
  say(`round ${round}: ${points} of ${max}${passed ? ', passed' : ''}`)
  return { round, score: points, max, passed, ...(feedback === undefined ? {} : { feedback }) }
}

/** What a scorer says to the person is theirs to tell the agent; what it knows beyond that is not shown. */
async function goesOn({ ask, rounds, say }: SessionPlan, { round, passed, feedback }: RoundRecord): Promise<boolean> {
  if (passed || round >= rounds || ask === undefined) return false
  if (feedback !== undefined) say(feedback)
  return askAgain(ask, `Round ${round + 1} of ${rounds}, in the same session?`)
}

async function outcomeOf({ verdict, ask, scoredBy }: SessionPlan, last: RoundRecord | undefined): Promise<Outcome> {
  if (verdict !== undefined) return { status: verdict, ...pointsOf(last), by: 'person' }
  if (last !== undefined)
    return { status: last.passed ? 'success' : 'failure', ...pointsOf(last), by: scoredBy ?? 'checks' }
  if (ask === undefined) return { status: 'unknown', by: 'person' }
  return { status: await askVerdict(ask), by: 'person' }
}

const pointsOf = (last: RoundRecord | undefined) => (last === undefined ? {} : { score: last.score, max: last.max })
