import { markup, type Markup } from '../../markup.js'
import type { RunReport, TokenSegment, TokenView } from '../../run-report.js'
import { integerText, percentText, plural } from '../../text.js'

/** What the colours of tokens mean. */
export const legend = markup`<p class="legend"><span><span class="swatch mono trains">text</span> trains</span><span><span class="swatch mono">text</span> context</span><span><span class="swatch mono special">&lt;|…|&gt;</span> special token</span><span><span class="swatch mono break">↵</span> newline</span></p>`

export function tokensSection(report: RunReport): Markup {
  const { dataset } = report
  return markup`<section aria-labelledby="tokens"><h2 id="tokens">What trains</h2><p>A conversation is written out with the model’s own template and cut into tokens once. Only what the assistant said is learned, up to and with the token that ends its turn; the rest is context that it reads.${
    dataset &&
    ` Of ${plural(dataset.tokens, 'token')}, ${integerText(dataset.trainedTokens)} train (${percentText(dataset.trainedTokens / Math.max(1, dataset.tokens))}). ${
      dataset.proof === 'ok'
        ? 'The proof that every label is right was checked.'
        : 'The proof of the labels FAILED: do not trust this dataset.'
    }`
  }</p>${
    report.tokens.length === 0
      ? markup`<p class="empty">This report holds no sample.</p>`
      : markup`${legend}${report.tokens.map(sample)}`
  }</section>`
}

function sample(view: TokenView): Markup {
  const counts = view.tokens !== undefined && view.trainedTokens !== undefined
  return markup`<figure><div class="tokens">${view.messages.map(
    (message) =>
      markup`<div><div class="who">${message.role}</div><div class="said">${message.segments.map(segment)}</div></div>`,
  )}</div><figcaption>${view.title || 'One sample'}${counts && `: ${plural(view.tokens ?? 0, 'token')}, ${integerText(view.trainedTokens ?? 0)} of them train`}.${
    view.trajectory !== undefined && markup` <span class="mono">${view.trajectory}</span>`
  }</figcaption></figure>`
}

/** One token, or a run of them: special tokens and line ends stand out. */
export function segment({ text, trains }: TokenSegment): Markup {
  const inner = text.split(/(<\|[^|<>]{1,40}\|>|\n)/u).map((part) => {
    if (part === '\n') return markup`<span class="break">↵</span>${'\n'}`
    return part.startsWith('<|') && part.endsWith('|>') ? markup`<span class="special">${part}</span>` : markup`${part}`
  })
  return trains ? markup`<mark class="token trains">${inner}</mark>` : markup`<span class="token">${inner}</span>`
}
