import {
  done,
  failed,
  type Failure,
  type Message,
  type Result,
  type ReviewedMessage,
  type Thread,
  type Trajectory,
} from '../../nouns/index.js'

/** Says where an entry of a review stands, for example `reviews/x.yaml:7`. */
export type PlaceOfEntry = (index: number) => string

/**
 * A review's entries, checked against the trajectory and made complete: where a message that calls is cut, the results of its calls are cut by
 * entries of their own. Failures: `review.message-unknown`, `review.ambiguous`, `review.twice`, `review.not-emitted`, `review.cut-orphans`.
 */
export function resolveReview(
  trajectory: Trajectory,
  entries: readonly ReviewedMessage[],
  placeOf: PlaceOfEntry,
): Result<readonly ReviewedMessage[]> {
  const uses = new Map<Message, ReviewedMessage>()
  for (const [index, entry] of entries.entries()) {
    const found = findMessages(trajectory, entry)
    if (!found.ok) return failed({ ...found.failure, where: placeOf(index) })
    const refused = found.value.map((message) => refuse(message, entry, uses)).find((failure) => failure !== null)
    if (refused !== undefined) return failed({ ...refused, where: placeOf(index) })
    for (const message of found.value) uses.set(message, entry)
  }
  const added: ReviewedMessage[] = []
  for (const thread of trajectory.threads) {
    for (const { message, call, caller } of resultsIn(thread)) {
      const cut = uses.get(message)
      const callerCut = uses.get(caller)?.use === 'cut'
      if (cut === undefined && callerCut) {
        const entry = {
          message: message.id,
          thread: thread.id,
          use: 'cut' as const,
          why: `result of ${call}, which is cut`,
        }
        uses.set(message, entry)
        added.push(entry)
      } else if (cut !== undefined && (cut.use === 'cut') !== callerCut) {
        const index = entries.indexOf(cut)
        return failed({
          ...(callerCut ? callIsCut(message, call) : callStays(message, call, caller)),
          where: placeOf(index),
        })
      }
    }
  }
  return done([...entries, ...added])
}

/** The messages that an entry names: one, or the same one in several threads. */
function findMessages(
  { threads }: Trajectory,
  { message: id, thread: named }: ReviewedMessage,
): Result<readonly Message[]> {
  const found = threads
    .filter((thread) => named === undefined || thread.id === named)
    .flatMap((thread) => thread.messages.filter((message) => message.id === id))
  const said = new Set(found.map(({ role, content, toolCalls = [] }) => JSON.stringify([role, content, toolCalls])))
  if (said.size === 0) return failed(unknown(id, named))
  return said.size === 1 ? done(found) : failed(ambiguous(id))
}

function refuse(
  message: Message,
  { use }: ReviewedMessage,
  uses: ReadonlyMap<Message, ReviewedMessage>,
): Failure | null {
  if (uses.has(message)) return twice(message.id)
  return use === 'train' && !wasEmitted(message) ? notEmitted(message) : null
}

/** Whether the model itself said something here: not a history that was rebuilt, nor a summary of its reasoning. */
function wasEmitted({ role, origin, content, toolCalls = [], reasoning }: Message): boolean {
  if (role !== 'assistant' || origin !== 'model') return false
  const text = typeof content === 'string' ? content !== '' : content.length > 0
  return text || toolCalls.length > 0 || reasoning?.kind === 'full'
}

interface ResultOfCall {
  readonly message: Message
  /** The call's name and id. */
  readonly call: string
  readonly caller: Message
}

/** Results with the calls that they answer: the last call of that id before them. */
function resultsIn({ messages }: Thread): readonly ResultOfCall[] {
  const callers = new Map<string, { readonly call: string; readonly caller: Message }>()
  const results: ResultOfCall[] = []
  for (const message of messages) {
    for (const { id, name } of message.toolCalls ?? []) callers.set(id, { call: `${name} (${id})`, caller: message })
    const answered = message.role === 'tool' ? callers.get(message.toolCallId ?? '') : undefined
    if (answered !== undefined) results.push({ message, ...answered })
  }
  return results
}

const failure = (code: string, message: string, remedy: string): Failure => ({ kind: 'input', code, message, remedy })

const unknown = (id: string, thread: string | undefined): Failure =>
  failure(
    'review.message-unknown',
    `the trajectory has no message ${id}${thread === undefined ? '' : ` in thread ${thread}`}`,
    '`limi trajectories show ID` names its messages',
  )

const ambiguous = (id: string): Failure =>
  failure('review.ambiguous', `several threads have a message ${id}`, 'name the thread too: thread: ID')

const twice = (id: string): Failure => failure('review.twice', `message ${id} is named twice`, 'name each message once')

const notEmitted = ({ id, role, origin }: Message): Failure =>
  failure(
    'review.not-emitted',
    `message ${id} cannot train: the model did not emit it (role ${role}, origin ${origin})`,
    'only what the model said itself trains; a history that was rebuilt and a summary of its reasoning never do',
  )

const callStays = ({ id }: Message, call: string, caller: Message): Failure =>
  failure(
    'review.cut-orphans',
    `message ${id} is the result of the call of ${call}, which would be left without it`,
    `cut message ${caller.id}, which calls; its results are cut with it`,
  )

const callIsCut = ({ id }: Message, call: string): Failure =>
  failure(
    'review.cut-orphans',
    `message ${id} is the result of the call of ${call}, which is cut`,
    'cut both, or neither',
  )
