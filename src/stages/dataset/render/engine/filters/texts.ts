import { asCount, asText, bind } from '../bind.js'
import { capitalise, lower, upper } from '../case.js'
import { raise, unsure } from '../errors.js'
import { formatPercent } from '../format.js'
import { str } from '../print.js'
import { replaceText, splitLines, stripText } from '../text.js'
import { isTrue, PyMarkup, PyTuple, type CallArguments, type Value } from '../values.js'
import type { Filter } from './filter.js'
import { withoutArguments } from './without-arguments.js'

/** What Jinja's text filters take: anything, printed. What went through `safe` would stay so: not followed here. */
function textOf(name: string, input: Value): string {
  return input instanceof PyMarkup ? unsure(`${name} of a text that went through the filter safe`) : str(input)
}

const onText = (name: string, change: (text: string) => string): [string, Filter] => [
  name,
  withoutArguments(name, (input) => change(textOf(name, input))),
]

/** Filters that take a text, or print what they take. */
export const TEXT_FILTERS: ReadonlyMap<string, Filter> = new Map<string, Filter>([
  onText('upper', upper),
  onText('lower', lower),
  onText('capitalize', capitalise),
  onText('title', titleWords),
  [
    'trim',
    (input, args) => {
      const [characters = null] = bind('trim', args, ['chars'])
      return stripText(textOf('trim', input), characters === null ? null : asText('trim', characters), 'both')
    },
  ],
  [
    'replace',
    (input, args) => {
      const [old = '', fresh = '', count = null] = bind('replace', args, ['old', 'new', 'count'], 2)
      const most = count === null ? -1 : asCount('replace', count)
      return replaceText(textOf('replace', input), textOf('replace', old), textOf('replace', fresh), most)
    },
  ],
  ['indent', indent],
  [
    'format',
    (input, { positional, named }) => {
      if (named.size > 0) return unsure('the filter format with named values')
      return formatPercent(textOf('format', input), new PyTuple(positional))
    },
  ],
])

/** Jinja's own `title`: words begin at spaces, hyphens and opening brackets. */
function titleWords(text: string): string {
  return text
    .split(/([-\s({[<]+)/)
    .map((word) => {
      const [first = '', ...rest] = Array.from(word)
      return upper(first) + lower(rest.join(''))
    })
    .join('')
}

function indent(input: Value, args: CallArguments): string {
  const [width = 4n, first = false, blank = false] = bind('indent', args, ['width', 'first', 'blank'])
  const indention = typeof width === 'string' ? width : ' '.repeat(Math.max(0, asCount('indent', width)))
  if (indention.length > 1000) return raise('an indent of more than 1000 characters')
  const [head = '', ...rest] = splitLines(`${textOf('indent', input)}\n`)
  const lines = rest.map((line) => (line === '' && !isTrue(blank) ? line : indention + line))
  return (isTrue(first) ? indention : '') + [head, ...lines].join('\n')
}
