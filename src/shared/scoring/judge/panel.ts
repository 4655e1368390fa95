import { done, type Judgement, type Requirement, type Result, type RubricItem } from '../../../nouns/index.js'
import { brief, EVIDENCE_CHARACTERS } from '../checks/evidence.js'
import type { Judge, Judged, JudgeSheet, JudgingContext } from './judge.js'
import { PROMPT_VERSION } from './prompt.js'
import type { Finding } from './verdict.js'
import { visible } from './visible.js'

/** One verdict on a sheet, with the answers that led to it. */
export interface Ballot {
  readonly findings: readonly Finding[]
  readonly judgements: readonly Judgement[]
}

/** Who gives one verdict a time: a model or a person. */
export interface Juror {
  readonly identity: Identity
  /** `repeat` is 1-based. */
  vote(sheet: JudgeSheet, repeat: number, context: JudgingContext): Promise<Result<Ballot>>
}

export type Identity = Readonly<Record<string, unknown>>

/** What a panel of such jurors is, before any of them is opened. */
export const panelIdentity = (jurors: readonly Identity[], repeats: number): Identity => ({
  jurors,
  repeats,
  prompt: PROMPT_VERSION,
})

/**
 * A judge of one or several jurors, each of whom votes `repeats` times. A requirement holds where more than half of all votes say so. Every
 * vote must be given: one that cannot be is the failure of the whole judgement, since a panel that lost those who could be confused by what
 * they read would be another panel.
 */
export function panelJudge(jurors: readonly Juror[], repeats = 1): Judge {
  return {
    identity: panelIdentity(
      jurors.map(({ identity }) => identity),
      repeats,
    ),
    async judge(sheet, context) {
      const ballots: Ballot[] = []
      for (const juror of jurors) {
        for (let repeat = 1; repeat <= repeats; repeat += 1) {
          const ballot = await juror.vote(sheet, repeat, context)
          if (!ballot.ok) return ballot
          ballots.push(ballot.value)
        }
      }
      return done(judgedBy(sheet.rubric, ballots))
    },
  }
}

function judgedBy(rubric: readonly RubricItem[], ballots: readonly Ballot[]): Judged {
  return {
    requirements: rubric.map((item) => requirementOf(item, ballots)),
    judgements: ballots.flatMap(({ judgements }) => judgements),
  }
}

function requirementOf({ id, weight }: RubricItem, ballots: readonly Ballot[]): Requirement {
  const findings = ballots.flatMap((ballot) => ballot.findings.filter((finding) => finding.id === id))
  const yes = findings.filter(({ counted }) => counted)
  const passed = yes.length * 2 > findings.length
  const votes = findings.length === 1 ? '' : `${yes.length} of ${findings.length} votes; `
  const telling = passed ? yes[0] : findings.find(({ counted }) => !counted)
  return { id, passed, weight, evidence: brief(`${votes}${wordsOf(telling)}`, EVIDENCE_CHARACTERS) }
}

function wordsOf(finding: Finding | undefined): string {
  if (finding === undefined) return 'no vote'
  const { problem, met, quote, from, why } = finding
  const place = from === null ? '' : ` (${from})`
  const quoted = quote === null || quote === '' ? '' : `${JSON.stringify(quote)}${place}`
  const said = [met && problem !== undefined ? `a yes that does not count: ${problem}` : '', quoted, why ?? '']
  return visible(said.filter((part) => part !== '').join('; ')) || (met ? 'yes' : 'no')
}

/** The points of one verdict. */
export const pointsOf = (rubric: readonly RubricItem[], findings: readonly Finding[]): number =>
  rubric.reduce((sum, { id, weight }) => sum + (findings.some((one) => one.id === id && one.counted) ? weight : 0), 0)
