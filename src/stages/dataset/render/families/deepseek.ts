import { after, goTo, MESSAGE, replace, type Edit } from './edits.js'
import type { Family } from './family.js'

const STOPS = ['<｜end▁of▁sentence｜>']
const OPEN = '{% generation %}'
const CLOSE = '{% endgeneration %}'
const TAG = "{{'<｜Assistant｜>'"
const AND_STOP = " + '<｜end▁of▁sentence｜>'}}"
const CALLS_BEGIN = "'<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>'"
const CALLS_END = "{{'<｜tool▁calls▁end｜><｜end▁of▁sentence｜>'}}"

/** The second loop prints; the first one only collects system messages. */
const loop = replace(
  "{%- for message in messages %}{%- if message['role'] == 'user' %}",
  `{%- for message in messages %}${MESSAGE}{%- if message['role'] == 'user' %}`,
)

/** Text after tool results goes on without a tag: `<｜tool▁outputs▁end｜>` ends the prompt. */
const afterTools = replace(
  `{{'<｜tool▁outputs▁end｜>' + message['content']${AND_STOP}`,
  `{{'<｜tool▁outputs▁end｜>'}}${OPEN}{{message['content']${AND_STOP}${CLOSE}`,
)

/** As DeepSeek-V3 came. It prints calls only beside null content, which transformers gives to no template. */
const v3: Family = {
  name: 'deepseek-v3',
  edits: [
    loop,
    afterTools,
    replace(`${TAG} + message['content']${AND_STOP}`, `${TAG}}}${OPEN}{{message['content']${AND_STOP}${CLOSE}`),
  ],
  stops: STOPS,
}

const THINK = "'<think>\\n'"

/** The prompt opens `<think>`: where the text does too, the model did not. */
const answer = (said: string, rest: string): Edit =>
  replace(
    `${TAG} + ${said} + ${rest}`,
    `${TAG}}}{% if ${said}.startswith(${THINK}) %}{{${THINK}}}{% endif %}` +
      `${OPEN}{{(${said}[8:] if ${said}.startswith(${THINK}) else ${said}) + ${rest}`,
  )

/** Through the end of the call that is printed next. */
const callEnds = after("'<｜tool▁call▁end｜>'}}", CLOSE)

/** With content beside calls; earlier reasoning is cut out of the content. */
const r1: Family = {
  name: 'deepseek-r1',
  edits: [
    loop,
    replace(`${TAG.slice(0, -1)}<｜tool▁calls▁begin｜>`, `${TAG}}}${OPEN}{{'<｜tool▁calls▁begin｜>`),
    callEnds,
    answer("message['content']", `${CALLS_BEGIN} + tool['type']`),
    callEnds,
    after('{%- set ns.is_first = true -%}{%- else %}', OPEN),
    callEnds,
    replace(CALLS_END, `${OPEN}${CALLS_END}${CLOSE}`),
    afterTools,
    answer('content', "'<｜end▁of▁sentence｜>'}}"),
    replace('{%- endif %}', `${CLOSE}{%- endif %}`),
    goTo(`{{'<｜Assistant｜><think>\\n'}}`),
  ],
  stops: STOPS,
  form: { argumentsAsText: true },
}

export const deepseek: readonly Family[] = [r1, v3]
