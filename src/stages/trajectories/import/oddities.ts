/**
 * Kinds of irregularity, and what each means; formats add their own with a line here, so that a report can be read.
 * The first group is found by `inspect` for every format.
 */
export const ODDITIES = {
  'orphaned-result': 'a tool result that answers no call before it',
  'repaired-id': 'a result whose id had lost its punctuation, or had none, tied to the one call that fits',
  'repeated-result': 'a second result for one call',
  'unanswered-call': 'a call without a result',
  'repeated-call-id': 'two calls of one thread with the same id',
  'unparsable-arguments': 'arguments that are not JSON; kept as they are',
  'control-characters': 'a tool name with control characters',
  'missing-final-answer': 'the main line does not end in an answer of the model',
  'lone-surrogate': 'half of a surrogate pair in a text, which is no Unicode; kept',
  'cut-by-length': 'a message that ended at the limit of tokens',

  'cut-by-agent': 'a text or history that the agent itself shortened before it was written',
  'arguments-not-text': 'arguments that the source holds as a value: the exact text of the model is lost',
  'missing-arguments': 'a call without arguments',
  'missing-call-id': 'a call without id; one was made',
  'inexact-number': 'a number that JavaScript cannot hold exactly, outside of arguments',
  'legacy-function-call': 'the older `function_call` form',
  'bare-text-part': 'a part of a message that is text alone',
  'bare-tool': 'a tool without its `function` wrapper',
  'tools-as-text': 'tools that are JSON inside a string',
  'messages-as-text': 'messages that are JSON inside a string',
  'renamed-reasoning': 'reasoning under another name than `reasoning_content`; the name is not kept',
  'null-padding': 'a field of a table that is null, since another row has it; left out of messages and tools',
  'binary-value': 'bytes that are no text; kept as base64',
  'context-not-recorded': 'something that the model was shown and that the log holds only in parts, not as text',
  'differing-copies': 'two copies of one text in a file that differ; both are kept',
  'rebuilt-from-steps': 'a conversation put together from the steps of an agent, since the file holds no history',
  'refused-attempt': "a message of the model that the benchmark's harness refused; only its text was kept",
  'missing-task': "a simulation whose task is not among the file's",
  'unknown-entry': 'an entry of a session of an unknown kind; kept beside the next message',
  'unfinished-message': 'a message of the model that was stopped or failed before its end, and is shown to it again',
  'shared-fields-named':
    'what a file says of all its trajectories, too large for each: whole in one, named in the others',
  'lost-kept-history': 'a compaction whose kept messages cannot be found; its thread begins with the summary alone',
  'adjacent-assistants': 'two messages of the model with nothing between them',
  'answer-shown-otherwise': 'an answer that a later request shows in another form than the model gave it',
  'unlinked-history': 'a request whose history shares nothing with those before it',
  'malformed-tool': 'a tool whose declaration is none; kept under `limiEvents`',
  'unparsable-calls': 'a turn of calls that is not JSON of calls; kept as the text of the message',
  'unparsable-tools': 'tools that are no list of tools; kept as they came',
  'joined-results': 'one message that answers several calls; tied to the first',
  'preference-pair': 'a better and a worse answer: the better one ends the main line, the worse one is in `extra`',
  'unknown-role': "a turn of a role that is not known, taken for the user's",
  'unread-call': 'a call of a recording that cannot be read; it is in the wire log alone',
  'open-call': 'a call that was under way when its recording died; what had come of the answer is kept',
  'unreadable-line': 'a line or record of a session that cannot be read; told of in its place',
  'unlinked-record': 'a record whose parent is not in the file',
  'repeated-message-id': 'two messages with the same id; one was made',
  'superseded-record': 'a message that was written again after others had followed it',
  'unresolved-reference': 'a reference to a sub-agent or a continuation that leads to nothing beside the file',
  'unreferenced-subagent': 'an embedded sub-agent that no reference names',
  'unknown-version': 'a version of the format that this limi does not know',
  'unusable-limi': 'what limi had written beside the format, spoilt since',
  'undone-beyond-log':
    'more turns were undone than the log tells of; what follows goes on from before the first of them',
  'prefilled-answer': "an answer whose beginning the caller wrote, in the model's place; it does not train",
  'copied-history': 'lines that a forked session repeats of its parent',
  'divided-answer': 'an answer larger than is held in memory; it goes on in another message',
  'repeated-record': 'a record of a session that stands in it twice; the second is kept in `extra`',
  interrupted: 'a turn that a person broke off',
} as const

export type Oddity = keyof typeof ODDITIES

/** How often each kind of irregularity occurred, for example `{ 'orphaned-result': 2 }`. */
export type OddityCounts = Readonly<Record<string, number>>

/** Counts irregularities by kind. */
export class Oddities {
  readonly #counts = new Map<Oddity, number>()

  count(kind: Oddity, times = 1): void {
    if (times > 0) this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + times)
  }

  counts(): OddityCounts {
    return Object.fromEntries([...this.#counts].sort(([a], [b]) => (a < b ? -1 : 1)))
  }
}
