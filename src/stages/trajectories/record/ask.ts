import type { Outcome, Result } from '../../../nouns/index.js'

/** Asks the person a question; a failure where the input ended. */
export type Ask = (question: string) => Promise<Result<string>>

export type Verdict = Outcome['status']

const WORDS: Readonly<Record<string, Verdict>> = {
  s: 'success',
  success: 'success',
  y: 'success',
  yes: 'success',
  f: 'failure',
  failure: 'failure',
  n: 'failure',
  no: 'failure',
  u: 'unknown',
  unknown: 'unknown',
  '': 'unknown',
}

/** What a person says of a session. Where the input ends, nothing was said: `unknown`. */
export async function askVerdict(ask: Ask): Promise<Verdict> {
  for (;;) {
    const said = await ask('Did it succeed? [s]uccess, [f]ailure, [u]nknown (Enter: unknown): ')
    if (!said.ok) return 'unknown'
    const verdict = WORDS[said.value.trim().toLowerCase()]
    if (verdict !== undefined) return verdict
  }
}

/** A line about the session; absent where the person has nothing to say. */
export async function askNote(ask: Ask): Promise<string | undefined> {
  const said = await ask('A note for whoever reviews it (Enter: none): ')
  const note = said.ok ? said.value.trim() : ''
  return note === '' ? undefined : note
}

/** Whether to go on; yes where the person only presses Enter. */
export async function askAgain(ask: Ask, question: string): Promise<boolean> {
  const said = await ask(`${question} [Y/n] `)
  return said.ok && !/^n/i.test(said.value.trim())
}
