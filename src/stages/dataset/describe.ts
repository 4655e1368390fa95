import pc from 'picocolors'
import { integerText, percentText, plural } from '../../shared/report/index.js'
import type { SampleView } from './show.js'

/** A sample for the terminal: what trains is green, the rest is dim, what a review cut is struck through. Control characters of the text are shown, never sent. */
export function describeSample(view: SampleView, colours = pc.isColorSupported): string {
  const { dim, green, bold, strikethrough } = pc.createColors(colours)
  const share = view.trainedTokens / Math.max(1, view.tokens)
  const lines = [
    bold(
      `${view.id}: ${plural(view.tokens, 'token')}, ${integerText(view.trainedTokens)} train (${percentText(share)})`,
    ),
  ]
  for (const { role, message, tokens, cut } of view.segments) {
    const trained = tokens.filter(({ trains }) => trains).length
    const who = role === null ? 'template' : `${role} ${message ?? ''}`
    if (cut !== undefined) {
      lines.push(bold(`— ${who}: cut by its review`), strikethrough(dim(printable(cut))))
      continue
    }
    lines.push(bold(`— ${who}: ${plural(tokens.length, 'token')}, ${integerText(trained)} train`))
    lines.push(
      runsOf(tokens)
        .map(({ text, trains }) => (trains ? green : dim)(printable(text)))
        .join('')
        .trimEnd(),
    )
  }
  return `${lines.join('\n')}\n`
}

type Token = SampleView['segments'][number]['tokens'][number]

function runsOf(tokens: readonly Token[]): readonly Token[] {
  const runs: { text: string; trains: boolean }[] = []
  for (const { text, trains } of tokens) {
    const last = runs.at(-1)
    if (last?.trains === trains) last.text += text
    else runs.push({ text, trains })
  }
  return runs
}

/** A text of a hostile file could move the cursor or rename the window: its control characters become pictures. */
function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, (character) => {
    if (character === '\n' || character === '\t') return character
    const code = character.charCodeAt(0)
    return code < 0x20 ? String.fromCharCode(0x2400 + code) : '\u2421'
  })
}
