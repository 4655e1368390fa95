import { Markup, markup } from '../markup.js'
import { styles } from './styles.js'

const policy = "default-src 'none'; style-src 'unsafe-inline'"

/** What a token page needs beyond the report's style sheet: long samples are drawn only where they are looked at. */
const extra = `
.messages details{border-top:1px solid var(--rule);margin:0;padding:.35rem 0;content-visibility:auto;contain-intrinsic-size:auto 2.2rem}
.messages summary{color:var(--text);font-size:.88rem;display:flex;gap:1rem;align-items:baseline}
.messages summary::before{content:"▸";color:var(--quiet)}
.messages details[open]>summary::before{content:"▾"}
.messages summary .num{margin-left:auto;color:var(--quiet);white-space:nowrap}
.messages .said{font-family:var(--mono);font-size:.8rem;line-height:1.85;background:var(--well);padding:.4rem .8rem;margin:.3rem 0}
.cut{text-decoration:line-through;opacity:.6}
`

export interface PageParts {
  readonly title: string
  readonly kicker: string
  readonly heading: string
  /** What stands below the heading; nothing where false. */
  readonly summary: Markup | false
  readonly sections: readonly (Markup | false)[]
  /** Which limi made it, where that is known. */
  readonly version?: string
  /** What else is said at its foot. */
  readonly foot?: Markup
}

/** One self-contained HTML page: no script, no request, all data shown as text. */
export function page({ title, kicker, heading, summary, sections, version, foot }: PageParts): string {
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
${Markup.trusted(GENERATOR)}
<title>${title}</title>
<style>${Markup.trusted(styles + extra)}</style>
</head>
<body>
<header><p class="kicker">${kicker}</p><h1>${heading}</h1>${summary}</header>
<main>
${sections}
</main>
<footer><p class="note">Made by limi${version && ` ${version}`}, after <em>LIMI: Less is More for Agency</em> (arXiv 2509.17567).${foot && markup` ${foot}`}</p></footer>
</body>
</html>
`.toString()
}

/** Stands in the head of every page of ours. */
const GENERATOR = '<meta name="generator" content="limi">'

/** Whether a text begins as a page that limi made. */
export const isOurPage = (text: string): boolean => text.startsWith('<!doctype html>') && text.includes(GENERATOR)

export interface DocumentParts extends Omit<PageParts, 'summary'> {
  /** One paragraph below the heading. */
  readonly lede: Markup
}

/** {@link page} with one paragraph below its heading. */
export const document = ({ lede, ...parts }: DocumentParts): string =>
  page({ ...parts, summary: markup`<p class="lede">${lede}</p>` })
