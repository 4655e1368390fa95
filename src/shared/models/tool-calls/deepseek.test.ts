import { describe, expect, test } from 'vitest'
import { deepseek } from './deepseek.js'
import { call, read } from './testing/reading.js'

describe('deepseek', () => {
  const all = (...written: readonly string[]) => {
    const marked = written.map((one) => `<｜tool▁call▁begin｜>${one}<｜tool▁call▁end｜>`)
    return `<｜tool▁calls▁begin｜>${marked.join('\n')}<｜tool▁calls▁end｜>`
  }
  const fenced = (name: string, written: string) => `function<｜tool▁sep｜>${name}\n\`\`\`json\n${written}\n\`\`\``

  test('reads the fenced calls of V3 and R1 as they are written, and the content before them whole', () => {
    const written = '{ "a": "<｜tool▁call▁end｜>\\n```", "n": 1.0 }'
    expect(
      read(deepseek, [`<think>\nhm\n</think>\n\nI look.\n${all(fenced('f', written), fenced('g', '{}'))}`]),
    ).toEqual({
      ...{ reasoning: 'hm', content: 'I look.\n', warnings: [] },
      calls: [call('f', written), call('g', '{}')],
    })
  })

  test('reads the bare calls of V3.1', () => {
    expect(read(deepseek, [all('get_time<｜tool▁sep｜>{"city": "Paris"}', 'f<｜tool▁sep｜>{}')])).toMatchObject({
      calls: [call('get_time', '{"city": "Paris"}'), call('f', '{}')],
      content: '',
    })
  })

  test.each([
    [`<｜tool▁call▁begin｜>${fenced('f', '{"a": ')}<｜tool▁call▁end｜>`, /cannot be read/],
    ['<｜tool▁call▁begin｜>f({})<｜tool▁call▁end｜>', /cannot be read/],
    ['<｜tool▁call▁begin｜>function<｜tool▁sep｜>f', /not closed/],
  ])('%j stays in the content', (said, why) => {
    const { content, calls, warnings } = read(deepseek, [said])
    expect([content, calls, warnings]).toEqual([said, [], [expect.stringMatching(why)]])
  })
})
