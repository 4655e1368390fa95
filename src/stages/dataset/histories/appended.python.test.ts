import { beforeAll, describe, expect, it } from 'vitest'
import { sharedData } from '../../../../test/shared-data.js'
import { unwrap } from '../../../nouns/index.js'
import { openRenderer, type Renderer } from '../render/index.js'
import { filesWith } from '../testing/chat-templates.js'
import { askForFamilies, withTextArguments, type Answer, type Job } from '../testing/families-oracle.js'
import { MEMBERS, type Member } from '../testing/members.js'
import { pythonForTests } from '../testing/oracle.js'
import { sharedTalks } from '../testing/shared-talks.js'
import { asConversation, generatedTalks, type Talk } from '../testing/talks.js'
import { certifyByShape, splitHistories } from './index.js'

const NOW = new Date('2026-02-03T04:05:06Z')
const NAMES = ['gpt-oss', 'Mistral Nemo', 'Qwen3, as TRL knows it', 'GLM-4.5', 'DeepSeek-V3, as TRL knows it']
/** Of these the template never prints together what the model read and what it then said. */
const APPENDED = ['gpt-oss', 'Mistral Nemo']
const noPython = pythonForTests === undefined ? 'set LIMI_TEST_PYTHON to a Python with transformers and TRL' : ''

/** One message that trains, with what transformers is asked of it. */
interface Question {
  readonly name: string
  readonly appended: boolean
  /** What the sample says that the model read, and all after it. */
  readonly read: string
  readonly said: string
  readonly before: Talk
  readonly through: Talk
}

const members = MEMBERS.filter(({ name }) => NAMES.includes(name))
const whyNot = (member: Member): string => noPython || member.missing()

/** By a member's name. One run of Python answers all. */
const asked = new Map<string, { readonly questions: readonly Question[]; readonly answers: readonly Answer[] }>()
beforeAll(async () => {
  const present = members.filter((member) => whyNot(member) === '').map((member) => ({ member, ...open(member) }))
  if (present.length === 0) return
  const answers = await askForFamilies(
    present.map(({ job, questions }) => ({
      job,
      talks: questions.flatMap(({ before, through }) => [before, through]),
    })),
  )
  for (const [index, { member, questions }] of present.entries()) {
    asked.set(member.name, { questions, answers: answers[index]! })
  }
}, 600_000)

describe.each(members)('$name', (member) => {
  const why = whyNot(member)
  it.skipIf(why !== '')(
    `each message follows the prompt that transformers prints, as transformers prints it ${why}`,
    () => {
      const { questions, answers } = asked.get(member.name)!
      for (const [index, { name, appended, read, said }] of questions.entries()) {
        expect(textOf(answers[2 * index]), name).toBe(read)
        if (appended) expect(textOf(answers[2 * index + 1]).endsWith(said), `${name}: ${said}`).toBe(true)
      }
      const appended = questions.filter((question) => question.appended)
      if (APPENDED.includes(member.name)) expect(appended.length).toBeGreaterThan(20)
      // After a user it prompts with the start of a thought, which no rendering of the message follows.
      if (member.family === 'deepseek-r1')
        expect(questions.every(({ before }) => before.messages.at(-1)?.role !== 'user')).toBe(true)
      else expect(questions.length).toBeGreaterThan(200)
    },
  )
})

function open(member: Member): { readonly job: Job; readonly questions: readonly Question[] } {
  const files = filesWith(member.template())
  const renderer = unwrap(openRenderer(files))
  const talks = [...(sharedData === null ? [] : sharedTalks(sharedData).slice(0, 60)), ...generatedTalks(5, 200)]
  const job = {
    original: member.template(),
    marked: renderer.family.source,
    model: null,
    variables: files.specialTokens,
    now: NOW,
  }
  return { job, questions: talks.flatMap((talk) => questionsOn(renderer, talk)) }
}

const textOf = (answer: Answer | undefined): string =>
  answer !== undefined && 'text' in answer ? answer.text : JSON.stringify(answer)

function questionsOn(renderer: Renderer, given: Talk): readonly Question[] {
  const talk = renderer.family.form.argumentsAsText ? withTextArguments(given) : given
  const split = splitHistories(renderer, asConversation(talk, NOW), certifyByShape)
  if (!split.ok) return []
  return split.value.flatMap(({ conversation: { messages }, rendered: { text }, places, appended }) =>
    [...places].flatMap(([id, { prompt }]): readonly Question[] => {
      const index = messages.findIndex((message) => message.id === id)
      // Before the first message some templates print a system prompt of their own that they do not print of none.
      if (index === 0) return []
      const named = { ...talk, name: `${talk.name} ${id}` }
      return [
        {
          name: named.name,
          appended: id === appended,
          read: text.slice(0, prompt),
          said: text.slice(prompt),
          before: { ...named, messages: talk.messages.slice(0, index), toSpeak: true },
          through: { ...named, messages: talk.messages.slice(0, index + 1) },
        },
      ]
    }),
  )
}
