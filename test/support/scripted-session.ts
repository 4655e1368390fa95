import { expect } from 'vitest'
import type { ScriptEntry, Trajectory } from '../../src/nouns/index.js'

/** A call as a script has it. */
export const scriptedCall = (name: string, args: object): { name: string; arguments: string } => ({
  name,
  arguments: JSON.stringify(args),
})

/** That the answers of a trajectory's main line are what a script had the model say: texts, calls and the usage that was served. */
export function expectScripted({ threads }: Pick<Trajectory, 'threads'>, { replies }: ScriptEntry): void {
  const answers = (threads[0]?.messages ?? []).filter(({ origin }) => origin === 'model')
  expect(answers.map(({ content }) => content)).toEqual(replies.map(({ text }) => text))
  expect(answers.flatMap(({ toolCalls }) => callsIn(toolCalls))).toEqual(
    replies.flatMap(({ toolCalls }) => callsIn(toolCalls)),
  )
  expect(answers[0]?.call?.usage).toMatchObject({ inputTokens: 100, outputTokens: 7, cachedInputTokens: 40 })
}

const callsIn = (calls: readonly { readonly name: string; readonly arguments: string }[] | undefined): unknown[] =>
  (calls ?? []).map(({ name, arguments: args }) => [name, JSON.parse(args) as unknown])
