import { expect, it } from 'vitest'
import { assembled, calls, result, says, system, user, type Exchange } from './testing/calls.js'

const instructions = { hasInstructions: true as const }

/** A session of which every request shows what is new alone. */
const SESSION: readonly Exchange[] = [
  {
    shown: [system('Be brief.'), system('Rules.'), user('look')],
    request: instructions,
    said: says('I look.', calls('a', 'ls', {}), calls('b', 'cat', {})),
    response: { id: 'r1' },
  },
  {
    shown: [system('Be brief.'), result('b', 'text'), result('a', 'files')],
    request: { ...instructions, continues: { response: 'r1' } },
    said: says('Done.'),
    response: { id: 'r2' },
  },
  {
    shown: [system('Be brief.'), user('and?')],
    request: { ...instructions, continues: { response: 'r2' } },
    said: says('More.'),
    response: { id: 'r3' },
  },
]

/** The same, of which every request shows all. */
function whole(): readonly Exchange[] {
  const first = [system('Be brief.'), system('Rules.'), user('look')]
  const [a, b, c] = SESSION as readonly [Exchange, Exchange, Exchange]
  const second = [...first, a.said!, result('a', 'files'), result('b', 'text')]
  return [
    a,
    { ...b, shown: second, request: instructions },
    { ...c, shown: [...second, b.said!, user('and?')], request: instructions },
  ]
}

const said = (exchanges: readonly Exchange[]) => {
  const { threads, asides, oddities } = assembled('codex', exchanges)
  const messages = threads.map(({ messages: all }) => all.map(({ role, origin, content }) => [role, origin, content]))
  return { messages, asides, oddities }
}

it('a history that the service holds is joined where its responses were recorded', () => {
  expect(said(SESSION)).toEqual(said(whole()))
  expect(said(SESSION).oddities).toEqual([])
  expect(said(SESSION).messages[0]).toHaveLength(9)
})

it('a turn that is taken back is another line, and an attempt that no later one goes on from an aside', () => {
  const again = { ...SESSION[2]!, shown: [system('Be brief.'), user('or?')], said: says('Or.'), response: { id: 'r4' } }
  const { threads } = assembled('codex', [...SESSION, again])
  expect(threads.map(({ parent, messages }) => [parent?.relation, messages.map(({ content }) => content)])).toEqual([
    [undefined, ['Be brief.', 'Rules.', 'look', 'I look.', 'files', 'text', 'Done.', 'and?', 'More.']],
    ['edit', ['or?', 'Or.']],
  ])
})

it.each([
  [{ response: 'r0' }, 'response r0'],
  [{ conversation: 'conv_1' }, 'conversation conv_1'],
])('one that was not recorded is said to be missing: %j', (continues, missing) => {
  const [first] = SESSION as readonly [Exchange]
  const { threads, oddities } = assembled('codex', [{ ...first, request: { continues } }])
  expect(threads[0]?.extra).toEqual({ recorded: { missing: [missing] } })
  expect(oddities).toEqual([
    `call c1: goes on from ${missing}, which the service holds and nobody recorded: its beginning is missing`,
  ])
})
