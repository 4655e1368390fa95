import { Markup, markup } from '../markup.js'
import { styles } from '../page/styles.js'

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

export interface DocumentParts {
  readonly title: string
  readonly kicker: string
  readonly heading: string
  readonly lede: Markup
  readonly sections: readonly Markup[]
}

/** One self-contained HTML page: no script, no request, all data shown as text. */
export function document({ title, kicker, heading, lede, sections }: DocumentParts): string {
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${Markup.trusted(styles + extra)}</style>
</head>
<body>
<header><p class="kicker">${kicker}</p><h1>${heading}</h1><p class="lede">${lede}</p></header>
<main>
${sections}
</main>
<footer><p class="note">Made by limi, after <em>LIMI: Less is More for Agency</em> (arXiv 2509.17567).</p></footer>
</body>
</html>
`.toString()
}
