/** A conversation in the form of LIMI's released samples: exact arguments, parts, reasoning, a tool, a final answer. */
export const chatSample = {
  messages: [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: [{ type: 'text', text: 'What is here?' }] },
    {
      role: 'assistant',
      content: null,
      reasoning_content: 'look',
      tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'ls', arguments: '{ "path":  "." }' } }],
    },
    { role: 'tool', tool_call_id: 'call_1', content: 'a.txt' },
    { role: 'assistant', content: 'a.txt' },
  ],
  tools: [{ type: 'function', function: { name: 'ls', parameters: { type: 'object' } } }],
}
