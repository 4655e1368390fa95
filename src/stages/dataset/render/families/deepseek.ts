import { after, MESSAGE, replace, type Edit } from './edits.js'
import type { Family } from './family.js'

const STOPS = ['<｜end▁of▁sentence｜>']
const OPEN = '{% generation %}'
const CLOSE = '{% endgeneration %}'
const TAG = "{{'<｜Assistant｜>'"
const CONTENT_AND_STOP = "message['content'] + '<｜end▁of▁sentence｜>'}}"
const CALLS_END = "{{'<｜tool▁calls▁end｜><｜end▁of▁sentence｜>'}}"

/** The second loop prints; the first one only collects system messages. */
const loop = replace(
  "{%- for message in messages %}{%- if message['role'] == 'user' %}",
  `{%- for message in messages %}${MESSAGE}{%- if message['role'] == 'user' %}`,
)

/** Through the end of the call that is printed next. */
const callEnds = after("'<｜tool▁call▁end｜>'}}", CLOSE)
const firstCallAlone = replace("{{'<｜Assistant｜><｜tool▁calls▁begin｜>", `${TAG}}}${OPEN}{{'<｜tool▁calls▁begin｜>`)
const furtherCalls = after('{%- set ns.is_first = true -%}{%- else %}', OPEN)

/** Text after tool results goes on without a tag: `<｜tool▁outputs▁end｜>` ends the prompt. */
const afterTools = replace(
  `{{'<｜tool▁outputs▁end｜>' + ${CONTENT_AND_STOP}`,
  `{{'<｜tool▁outputs▁end｜>'}}${OPEN}{{${CONTENT_AND_STOP}${CLOSE}`,
)

const answer = (said: string): Edit => replace(`${TAG} + ${said}`, `${TAG}}}${OPEN}{{${said}${CLOSE}`)

/** As DeepSeek-V3 came: calls are printed only beside null content, and a single call without its end. */
const v3: Family = {
  name: 'deepseek-v3',
  edits: [
    loop,
    firstCallAlone,
    callEnds,
    furtherCalls,
    callEnds,
    replace(CALLS_END, `${OPEN}${CALLS_END}${CLOSE}`),
    afterTools,
    answer(CONTENT_AND_STOP),
  ],
  stops: STOPS,
  form: { nullContent: true, argumentsAsText: true },
}

/** With content beside calls; earlier reasoning is cut out of the content. */
const withContent: Family = {
  name: 'deepseek-r1',
  edits: [
    loop,
    firstCallAlone,
    callEnds,
    replace(
      `${TAG} + message['content'] + '<｜tool▁calls▁begin｜>`,
      `${TAG}}}${OPEN}{{message['content'] + '<｜tool▁calls▁begin｜>`,
    ),
    callEnds,
    furtherCalls,
    callEnds,
    replace(CALLS_END, `${OPEN}${CALLS_END}${CLOSE}`),
    afterTools,
    answer("content + '<｜end▁of▁sentence｜>'}}"),
  ],
  stops: STOPS,
  form: { argumentsAsText: true },
}

export const deepseek: readonly Family[] = [withContent, v3]
