import {
  done,
  failed,
  type Failure,
  type Judgement,
  type Message,
  type Price,
  type Result,
  type Usage,
} from '../../../nouns/index.js'
import { costOf, replyOf, type ChatModel, type Reply } from '../../models/index.js'
import type { JudgeCall } from '../account.js'
import type { JudgeSheet, JudgingContext } from './judge.js'
import { sheetRecord } from './judgement.js'
import { pointsOf, type Ballot, type Identity, type Juror } from './panel.js'
import { drawSecrets, promptOf, sectionsOf, type Secrets } from './prompt.js'
import { readVerdict, type ReadVerdict } from './verdict.js'
import { visible } from './visible.js'

export interface ModelJurorOptions {
  /** 0 where not given. */
  readonly temperature?: number
  /** What the model is by content, where that is known: another model under the same name is another judge. */
  readonly digest?: string | undefined
  /** Per million tokens; calls then have a cost. */
  readonly price?: Price | undefined
  readonly backoffMs?: readonly number[]
  /** For tests: what is drawn for a call. */
  readonly draw?: () => Secrets
}

/** What a model is as a juror, before it is opened. */
export const modelIdentity = (
  name: string,
  { temperature = 0, digest }: Pick<ModelJurorOptions, 'temperature' | 'digest'>,
): Identity => ({ model: name, temperature, ...(digest === undefined ? {} : { digest }) })

const BACKOFF_MS = [1_000, 4_000, 15_000]

/** An answer that holds no verdict is asked for once more, with what is wrong with it. */
const ASKED = 2

/**
 * A model as a juror. An answer without a verdict, twice, is `judge.unreadable`; a failure of the model, after a few attempts where it may
 * pass, is the model's own. Every call, read or not, is told to the account, and none is made that it forbids.
 */
export function modelJuror(model: ChatModel, options: ModelJurorOptions = {}): Juror {
  const { temperature = 0, digest, draw = drawSecrets } = options
  return {
    identity: modelIdentity(model.name, { temperature, digest }),
    vote: (sheet, repeat, context) => {
      const secrets = draw()
      const prompt = promptOf(sheet, secrets)
      return ask({
        model,
        temperature,
        sheet,
        repeat,
        secrets,
        prompt,
        context,
        price: options.price,
        backoffMs: options.backoffMs ?? BACKOFF_MS,
      })
    },
  }
}

interface Call {
  readonly model: ChatModel
  readonly temperature: number
  readonly sheet: JudgeSheet
  readonly repeat: number
  readonly secrets: Secrets
  readonly prompt: string
  readonly backoffMs: readonly number[]
  readonly context: JudgingContext
  readonly price: Price | undefined
}

async function ask(call: Call): Promise<Result<Ballot>> {
  const { model, temperature, sheet, backoffMs, context } = call
  const { signal, account } = context
  const onCall = (usage: Usage): void => account?.took(judgeCall(call, usage))
  const sections = sectionsOf(sheet)
  const messages: Message[] = [said('user', call.prompt, 1)]
  const judgements: Judgement[] = []
  for (let attempt = 1; ; attempt += 1) {
    const allowed = account?.mayAsk()
    if (allowed?.ok === false) return allowed
    const request = { messages: [...messages], tools: [], params: { temperature } }
    const reply = await replyOf(model, request, { backoffMs, onCall, ...(signal === undefined ? {} : { signal }) })
    if (!reply.ok) return reply
    const read = readVerdict(reply.value.text, call.secrets.key, sheet, sections)
    const asked = messages.at(-1)?.content
    judgements.push(judgementOf(call, typeof asked === 'string' ? asked : '', reply.value, read))
    if ('findings' in read) return done({ findings: read.findings, judgements })
    if (attempt === ASKED) return failed(unreadable(model.name, read.problem, reply.value.text))
    messages.push(said('assistant', reply.value.text, 2), said('user', correction(read.problem), 3))
  }
}

const judgeCall = ({ model, price }: Call, usage: Usage): JudgeCall => ({
  judge: model.name,
  usage,
  ...(price === undefined ? {} : { cost: costOf(usage, price) }),
})

const said = (role: 'user' | 'assistant', content: string, at: number): Message => ({
  id: `m${at}`,
  role,
  origin: role === 'user' ? 'agent' : 'model',
  content,
})

const correction = (problem: string): string =>
  `That cannot be read: ${problem}. Give your verdict again: the one JSON object in the form that was described, with the key, and nothing else.`

function judgementOf({ model, repeat, sheet }: Call, prompt: string, reply: Reply, read: ReadVerdict): Judgement {
  const isRead = 'findings' in read
  return {
    judge: model.name,
    repeat,
    prompt,
    raw: reply.text,
    score: isRead ? pointsOf(sheet.rubric, read.findings) : null,
    ...(isRead ? { findings: read.findings } : { problem: read.problem }),
    ...sheetRecord(sheet),
    ...(reply.usage === undefined ? {} : { usage: reply.usage }),
    ...(reply.warnings.length === 0 ? {} : { warnings: reply.warnings }),
  }
}

const SHOWN_CHARACTERS = 200

const unreadable = (name: string, problem: string, raw: string): Failure => ({
  kind: 'underway',
  code: 'judge.unreadable',
  message: `the judge ${name} gave no verdict that can be read, twice: ${problem}; it said ${visible(JSON.stringify(raw.slice(0, SHOWN_CHARACTERS)))}`,
  where: name,
  remedy: 'name a judge that follows the form, or a larger one; the trial counts for nothing',
})
