import { markup, type Markup } from '../markup.js'
import { legend, segment } from '../page/sections/tokens.js'
import { integerText, percentText, plural } from '../text.js'
import type { SampleMessage, SampleReport } from './dataset-report.js'
import { document } from '../page/document.js'

/** A longer message that does not train is folded: it is there, behind its first line. */
const OPEN_TOKENS = 600

/** The page of one sample: every token, message by message, as trained, context, or cut by a review. */
export function renderSamplePage(report: SampleReport): string {
  const { id, tokens, trainedTokens } = report
  return document({
    title: `${id} · limi sample`,
    kicker: [report.dataset, report.model, report.trajectory].join(' · '),
    heading: `${id}: ${plural(tokens, 'token')}, ${integerText(trainedTokens)} train`,
    lede: markup`${percentText(trainedTokens / Math.max(1, tokens))} of this sample is learned; the rest is what the model reads. A thin line stands between tokens.`,
    sections: [
      markup`<section aria-labelledby="tokens"><h2 id="tokens">Token by token</h2>${legend}<div class="messages">${report.messages.map(message)}</div></section>`,
    ],
  })
}

function message({ message: id, role, tokens, cut }: SampleMessage): Markup {
  const trained = tokens.filter(({ trains }) => trains).length
  const who = role === null ? 'template' : `${role} ${id ?? ''}`
  const count = cut === undefined ? `${plural(tokens.length, 'token')}, ${integerText(trained)} train` : 'cut'
  const said = cut === undefined ? tokens.map(segment) : markup`<span class="cut">${cut}</span>`
  const open = trained > 0 || tokens.length <= OPEN_TOKENS
  return markup`<details${open && markup` open`}><summary><span>${who}</span><span class="num">${count}</span></summary><div class="said">${said}</div></details>`
}
