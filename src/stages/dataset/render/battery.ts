import type { ChatMessage, ToolDefinition } from '../conversation/index.js'

/** A conversation on which two templates of one family print the same text. */
export interface BatteryCase {
  readonly messages: readonly ChatMessage[]
  readonly tools: readonly ToolDefinition[] | null
}

const say = (role: string, content: string): ChatMessage => ({ role, content })
const think = (reasoning_content: string, content: string): ChatMessage => ({
  ...say('assistant', content),
  reasoning_content,
})

const ask = (content: string, ...ids: readonly string[]): ChatMessage => ({
  ...say('assistant', content),
  tool_calls: ids.map((id, index) => ({
    id,
    type: 'function',
    function: { name: index === 0 ? 'run' : 'read_file', arguments: index === 0 ? { command: 'ls "é"', n: 2 } : {} },
  })),
})

const result = (tool_call_id: string, content: string): ChatMessage => ({ ...say('tool', content), tool_call_id })

const TOOLS: readonly ToolDefinition[] = [
  {
    type: 'function',
    function: {
      name: 'run',
      description: 'Runs a command',
      parameters: {
        type: 'object',
        properties: { command: { type: 'string', description: 'what to run' }, n: { type: 'integer' } },
        required: ['command'],
      },
    },
  },
  {
    type: 'function',
    function: { name: 'read_file', description: 'Reads', parameters: { type: 'object', properties: {} } },
  },
]

const talks: readonly (readonly ChatMessage[])[] = [
  [say('user', 'hello')],
  [say('system', 'be brief'), say('user', 'hello'), say('assistant', 'hi')],
  [say('user', 'a'), say('assistant', 'b'), say('user', 'c'), say('assistant', 'd')],
  [say('user', ''), say('assistant', ''), say('user', '\n'), say('assistant', ' \n')],
  [say('user', '  padded \n'), say('assistant', '\tpadded  \n\n'), say('user', 'x')],
  [say('system', ' \n s \n'), say('user', 'é😀'), say('assistant', '<think>\nx\n</think>\n\ny')],
  [say('user', 'run'), say('assistant', '```sh\nls\n```'), say('tool', 'file\n'), say('assistant', 'done')],
  [say('user', 'a'), say('system', 'later'), say('assistant', "it's {{ b }} {% c %}"), say('user', 'd')],
  [say('assistant', 'first'), say('assistant', 'twice'), say('user', 'x'), say('user', 'y')],
  [say('user', 'a'), think('why', 'b'), say('user', 'c'), think(' \nso\n', '\n\nd')],
  [say('user', 'a'), think('', 'b'), say('user', 'c'), say('assistant', 'x</think>y')],
]

const ONE = 'abcdefgh1'
const TWO = 'abcdefgh2'

const actions: readonly (readonly ChatMessage[])[] = [
  [say('user', 'go'), ask('', ONE), result(ONE, 'out\n'), say('assistant', 'done')],
  [
    say('system', 's'),
    say('user', 'go'),
    ask('first', ONE),
    result(ONE, ''),
    ask('', TWO),
    result(TWO, 'x'),
    say('assistant', 'y'),
  ],
  [
    say('user', 'go'),
    ask('', ONE, TWO),
    result(ONE, '1'),
    result(TWO, '2'),
    say('assistant', 'done'),
    say('user', 'more'),
  ],
  [
    say('user', 'go'),
    { ...think('hm', ''), ...ask('', ONE) },
    result(ONE, '1'),
    think('ha', 'done'),
    say('user', 'more'),
  ],
  [say('user', 'go'), { ...ask('said', ONE), reasoning_content: 'hm' }, result(ONE, '1'), ask('', TWO)],
  [say('user', 'go'), ask('', ONE), say('user', 'stop'), say('assistant', 'fine')],
]

/** Every role, the order of roles that templates quarrel about, empty texts, reasoning, calls; with and without tools on offer. */
export const BATTERY: readonly BatteryCase[] = [
  ...talks.map((messages) => ({ messages, tools: null })),
  ...actions.map((messages) => ({ messages, tools: null })),
  ...[...talks.slice(0, 4), ...actions].map((messages) => ({ messages, tools: TOOLS })),
]
