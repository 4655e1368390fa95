import { done, type Judgement, type Result, type RubricItem } from '../../../nouns/index.js'
import { problemOfQuote } from './evidence.js'
import type { JudgeSheet } from './judge.js'
import { sheetRecord } from './judgement.js'
import { pointsOf, type Ballot, type Identity, type Juror } from './panel.js'
import { dataOf, drawSecrets, type Section } from './prompt.js'
import type { Terminal } from '../../terminal/index.js'
import type { Finding } from './verdict.js'
import { visible } from './visible.js'

/** The name of a person among judges. */
const HUMAN = 'human'

export const HUMAN_IDENTITY: Identity = { judge: HUMAN }

/** What a person is shown and asked: the same data and requirements as a model. */
export interface PersonsSheet {
  /** Which of how many, say. */
  readonly title: string
  readonly data: string
  readonly rubric: readonly RubricItem[]
}

/**
 * A person as a juror, asked about one sheet after the other; who stopped is asked no more. A person's yes counts without a quote.
 */
export function humanJuror(terminal: Terminal): Juror {
  const oneByOne = queue()
  let stopped: Result<Ballot> | null = null
  return {
    identity: HUMAN_IDENTITY,
    vote: (sheet, repeat, { signal }) =>
      oneByOne(async () => {
        if (stopped !== null) return stopped
        const vote = await voteOn(terminal, sheet, repeat, signal)
        if (!vote.ok) stopped = vote
        return vote
      }),
  }
}

/** Trials are at work at the same time, and a person reads one sheet at a time. */
function queue(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const next = last.then(work, work)
    last = next.catch(() => undefined)
    return next
  }
}

async function voteOn(
  terminal: Terminal,
  sheet: JudgeSheet,
  repeat: number,
  signal: AbortSignal | undefined,
): Promise<Result<Ballot>> {
  const data = dataOf(sheet, drawSecrets().mark)
  const asked = await askPerson(terminal, { title: sheet.query.id, data, rubric: sheet.rubric }, signal)
  if (!asked.ok) return asked
  const findings = asked.value
  const judgement: Judgement = {
    judge: HUMAN,
    repeat,
    prompt: data,
    raw: JSON.stringify(findings.map(({ id, met, quote }) => ({ id, met, quote }))),
    score: pointsOf(sheet.rubric, findings),
    findings,
    ...sheetRecord(sheet),
  }
  return done({ findings, judgements: [judgement] })
}

/** Shows a sheet and asks for each requirement whether it is met, and if so for a quote, which may be left out. */
export async function askPerson(
  terminal: Terminal,
  { title, data, rubric }: PersonsSheet,
  signal?: AbortSignal,
): Promise<Result<Finding[]>> {
  terminal.show(
    `\n=== ${visible(title)}\n\n${data}\n\nBehind "| " stands what the agent was asked, said and left; the rest is limi's.`,
  )
  const findings: Finding[] = []
  for (const [at, item] of rubric.entries()) {
    terminal.show(`\n${at + 1} of ${rubric.length}: ${visible(item.requirement.trim())}`)
    const met = await askYesOrNo(terminal, signal)
    if (!met.ok) return met
    const quote = met.value ? await askQuote(terminal, data, signal) : done(null)
    if (!quote.ok) return quote
    findings.push({ id: item.id, met: met.value, counted: met.value, from: null, quote: quote.value, why: null })
  }
  return done(findings)
}

async function askYesOrNo(terminal: Terminal, signal: AbortSignal | undefined): Promise<Result<boolean>> {
  for (;;) {
    const said = await terminal.ask('met? (y/n) ', signal)
    if (!said.ok) return said
    const word = said.value.trim().toLowerCase()
    if (['y', 'yes'].includes(word)) return done(true)
    if (['n', 'no'].includes(word)) return done(false)
    terminal.show('y or n, please')
  }
}

async function askQuote(
  terminal: Terminal,
  data: string,
  signal: AbortSignal | undefined,
): Promise<Result<string | null>> {
  const all: Section = { kind: 'file', name: 'data', text: data.replace(/^[|@] /gmu, '') }
  for (;;) {
    const said = await terminal.ask('evidence, copied from above (Enter for none): ', signal)
    if (!said.ok) return said
    if (said.value.trim() === '') return done(null)
    const problem = problemOfQuote([all], 'data', said.value)
    if (problem === null) return done(said.value.trim())
    terminal.show(`${problem}: copy it again, or press Enter for none`)
  }
}
