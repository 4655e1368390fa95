import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { done, failed, unwrap } from '../../../nouns/index.js'
import { scorerFor } from '../index.js'
import { terminalOn, type Terminal } from '../../terminal/index.js'
import { humanJuror, openTerminal, panelJudge } from './index.js'
import { STOPPED } from './terminal.js'
import { queryWith, RUBRIC, stateOf } from './testing/sheets.js'

/** A person who types these lines. */
function typing(...lines: string[]): Terminal & { readonly shown: string[]; readonly asked: string[] } {
  const shown: string[] = []
  const asked: string[] = []
  return {
    shown,
    asked,
    show: (text) => void shown.push(text),
    ask: async (question) => {
      asked.push(question)
      return done(lines.shift() ?? 'n')
    },
  }
}

const state = () => stateOf({ 'greeting.txt': 'Hello, world!\u001b[8m\n' }, 'It is in greeting.txt.')

describe('a person as the judge', () => {
  it('sees the sheet without control characters, and scores like any judge', async () => {
    const person = typing('maybe', 'y', 'Hello, moon!', 'Hello, world!', 'N')
    const input = await state()
    const score = await unwrap(scorerFor(input.query, { judge: panelJudge([humanJuror(person)]) })).score(input)
    expect(score).toMatchObject({ score: 2, max: 3, passed: false })
    expect(score.requirements.map(({ passed, evidence }) => [passed, evidence])).toEqual([
      [true, '"Hello, world!"'],
      [false, 'no'],
    ])
    expect(score.judgements).toMatchObject([{ judge: 'human', repeat: 1, score: 2 }])
    const shown = person.shown.join('\n')
    expect(shown).toContain('| Hello, world!⟦U+001B⟧[8m')
    expect(shown).not.toContain('\u001b')
    for (const { requirement } of RUBRIC) expect(shown).toContain(requirement)
    expect(person.asked.length).toBe(5)
  })

  it('is asked about one sheet after the other', async () => {
    const events: string[] = []
    const slow: Terminal = {
      show: (text) => {
        if (text.startsWith('\n===')) events.push('sheet')
      },
      ask: async () => {
        await new Promise((resolve) => setTimeout(resolve, 2))
        events.push('answer')
        return done('n')
      },
    }
    const judge = panelJudge([humanJuror(slow)])
    const inputs = await Promise.all([state(), state(), state()])
    await Promise.all(inputs.map((input) => unwrap(scorerFor(queryWith(RUBRIC), { judge })).score(input)))
    expect(events).toEqual(Array.from({ length: 3 }, () => ['sheet', 'answer', 'answer']).flat())
  })

  it('who stopped is asked no more', async () => {
    let asked = 0
    const leaving: Terminal = {
      show: () => undefined,
      ask: async () => {
        asked += 1
        return failed({ kind: 'interrupted', code: 'judge.stopped', message: 'stopped' })
      },
    }
    const judge = panelJudge([humanJuror(leaving)])
    const inputs = await Promise.all([state(), state(), state()])
    const ended = await Promise.allSettled(
      inputs.map((input) => unwrap(scorerFor(queryWith(RUBRIC), { judge })).score(input)),
    )
    expect(ended.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
    expect(asked).toBe(1)
  })

  it('is not asked where there is no terminal', () => {
    // Vitest's workers have none.
    expect(openTerminal()).toMatchObject({ ok: false, failure: { kind: 'input', code: 'judge.no-terminal' } })
  })
})

describe('a terminal', () => {
  const open = () => {
    const [input, output] = [new PassThrough(), new PassThrough()]
    return { input, output, terminal: terminalOn(input, output, STOPPED) }
  }

  it('gives the line that was typed', async () => {
    const { input, output, terminal } = open()
    const line = terminal.ask('met? ')
    input.write('yes\n')
    expect(await line).toEqual(done('yes'))
    expect(String(output.read())).toBe('met? ')
  })

  it('says that the person stopped, at the end of the input and when interrupted', async () => {
    const { input, terminal } = open()
    const ended = terminal.ask('met? ')
    input.end()
    expect(await ended).toMatchObject({ ok: false, failure: { kind: 'interrupted', code: 'judge.stopped' } })
    const stop = new AbortController()
    const waiting = open().terminal.ask('met? ', stop.signal)
    stop.abort()
    expect(await waiting).toMatchObject({ ok: false, failure: { code: 'judge.stopped' } })
    expect(await open().terminal.ask('met? ', AbortSignal.abort())).toMatchObject({ ok: false })
  })
})
