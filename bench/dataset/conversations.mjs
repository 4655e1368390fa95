// Conversations for the bench: agents' real ones from the shared data, and made ones of any size from a seed.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { random } from '../import/inputs.mjs'

const SYSTEM = `You are an agent that works in a shell. Work step by step and check what you did.\n${'Tools: shell(command), read(path), write(path, content). Be brief.\n'.repeat(20)}`

/** Agents' conversations of AcademiClaw and τ²-bench, a call as text so that any template prints it. */
export function realConversations(folder) {
  const claw = path.join(folder, 'academiclaw')
  const found = []
  for (const task of existsSync(claw) ? readdirSync(claw) : []) {
    const runs = path.join(claw, task, 'openclaw')
    for (const model of existsSync(runs) ? readdirSync(runs) : []) {
      const file = path.join(runs, model, 'conversation_log.json')
      if (existsSync(file)) found.push(...clawConversations(JSON.parse(readFileSync(file, 'utf8'))))
    }
  }
  const tau2 = path.join(folder, 'tau2', 'runs')
  for (const name of existsSync(tau2) ? readdirSync(tau2) : []) {
    const { simulations = [] } = JSON.parse(readFileSync(path.join(tau2, name), 'utf8'))
    found.push(...simulations.map(({ messages = [] }) => messages.map(asMessage)))
  }
  return found
    .map((messages) => [{ role: 'system', content: SYSTEM }, ...messages])
    .filter((messages) => messages.some(({ role }) => role === 'assistant'))
}

function clawConversations({ messages, execution_traces: traces = [] }) {
  const asked = messages.find(({ role }) => role === 'user')?.content ?? ''
  return traces.map(({ trace }) => [
    { role: 'user', content: asked },
    ...(trace?.turns ?? []).map((turn) => ({
      role: turn.role === 'tool' ? 'tool' : 'assistant',
      content: textOf(turn),
    })),
  ])
}

const asMessage = (message) => ({
  role: ['user', 'tool', 'system'].includes(message.role) ? message.role : 'assistant',
  content: textOf(message),
})

/** Half a surrogate pair, of which the data holds some, is no text. */
function textOf({ content, tool_calls: calls, tool_results: results }) {
  const said = [typeof content === 'string' ? content : '']
  for (const call of calls ?? []) {
    said.push(`<call>\n${JSON.stringify({ name: call.name, arguments: call.arguments })}\n</call>`)
  }
  for (const result of results ?? []) said.push(String(result.content ?? ''))
  return said.join('\n').trim().toWellFormed()
}

const WORDS = (
  'the file of import const return "quoted" value => { } ( ) [ ] error: line index/path.ts test.each expect(result) naïve für 数据 ' +
  "async await 'single' \\d+ 0.75 1234 npm run build && git diff --stat HEAD~1 | head -n 20 undefined null true false it's don't"
).split(' ')

/** One conversation of about so many tokens; one word in twenty is made up, so that no cache knows them. */
export function madeConversation(seed, tokens) {
  const next = random(seed)
  const word = () =>
    next() < 0.05 ? Math.floor(next() * 1e9).toString(36) : (WORDS[Math.floor(next() * WORDS.length)] ?? '')
  const text = (count) => {
    let made = ''
    for (let index = 0; index < count; index += 1) made += word() + (next() < 0.1 ? '\n    ' : ' ')
    return made
  }
  const messages = [{ role: 'system', content: SYSTEM }]
  for (let left = tokens; left > 0; left -= 1130) {
    messages.push({ role: 'user', content: text(60) }, { role: 'assistant', content: text(150) })
    messages.push({ role: 'tool', content: text(300) }, { role: 'assistant', content: text(20) })
  }
  return messages
}
