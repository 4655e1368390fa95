import { it } from 'vitest'
import { chatCompletions } from '../chat-completions/index.js'
import { gemini } from '../gemini/index.js'
import { messages } from '../messages/index.js'
import { responses } from '../responses/index.js'
import { isReadInCuts } from './cuts.js'
import { chatStream } from './streams/chat-completions.js'
import { geminiStream } from './streams/gemini.js'
import { messagesStream } from './streams/messages.js'
import { responsesStream } from './streams/responses.js'

const STREAMS = [
  { dialect: chatCompletions, streams: chatStream },
  { dialect: responses, streams: responsesStream },
  { dialect: messages, streams: messagesStream },
  { dialect: gemini, streams: geminiStream },
] as const

it.each(STREAMS)(
  '$dialect.name: a cut at any byte of any stream leaves the beginning of what all of it says',
  (one) => {
    isReadInCuts(one.dialect, one.streams)
  },
  120_000,
)
