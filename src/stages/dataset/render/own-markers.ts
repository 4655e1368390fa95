import { MARK_VARIABLES } from './marks.js'

const TAGS = /\{%-?\s*(for|endfor|generation)\b[^%]*?(-?)%\}/g

/**
 * A template with markers of its own, and a message mark at the start of each outermost loop that holds such markers: mostly the one
 * over the messages. A block tag around the mark keeps Jinja's whitespace control as it was.
 */
export function withLoopMarks(source: string): string {
  const loops: { readonly end: number; readonly control: string; readonly marks: { count: number } }[] = []
  const open: (typeof loops)[number][] = []
  for (const tag of source.matchAll(TAGS)) {
    const [text, kind, control = ''] = tag
    if (kind === 'endfor') open.pop()
    if (kind === 'generation' && open[0] !== undefined) open[0].marks.count += 1
    if (kind !== 'for') continue
    const loop = { end: tag.index + text.length, control, marks: { count: 0 } }
    loops.push(loop)
    open.push(loop)
  }
  let marked = source
  for (const { end, control, marks } of loops.toReversed()) {
    if (marks.count === 0) continue
    const mark = `{% if true %}{{ ${MARK_VARIABLES.message} }}{% endif ${control}%}`
    marked = marked.slice(0, end) + mark + marked.slice(end)
  }
  return marked
}
