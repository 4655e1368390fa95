import { describe, expect, it } from 'vitest'
import { RunReport } from '../run-report.js'
import { contractOnly } from '../testing/contract.js'
import { fixture } from '../testing/fixture.js'
import { renderRunReport } from './index.js'

const heading = (report: RunReport) => /<h1>(.*?)<\/h1>/s.exec(renderRunReport(report))?.[1]

const plain = (source: string) => source.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ')

describe('renderRunReport', () => {
  it('begins with the verdict in a sentence with its numbers', () => {
    expect(heading(fixture)).toBe(
      'Training on 78 curated demonstrations made the agent better: it passed 0% of unseen tasks (new values) before, and passes 63% now.',
    )
  })

  it('claims nothing that was not shown', () => {
    const verdict = { ...fixture.verdict.heldOutValues!, verdict: 'not-shown' as const, difference: 0.02 }
    const report = { ...fixture, verdict: { heldOutValues: verdict } }
    expect(heading(report)).toMatch(/^This run does not show that training on 78 curated demonstrations changed/)
    expect(heading({ ...report, verdict: { heldOutValues: { ...verdict, verdict: 'loss' } } })).toContain('worse')
  })

  it('shows every count of the contract', () => {
    const text = plain(renderRunReport(RunReport.parse(contractOnly)))
    for (const count of [
      '312',
      '54',
      '36',
      '297',
      '300',
      '78',
      '131',
      '40',
      '48',
      '27,134',
      '4,310',
      '60',
      '3 min 33 s',
    ])
      expect(text).toContain(count)
    expect(text).toContain('0.63 [0.50, 0.75] n=54')
    expect(text).toContain('+36 [+21, +53] p = 0.0002 18 gain')
  })

  it('shows every metric over all tasks with what compare says of it, and nothing of it where the report has only suites', () => {
    const text = plain(renderRunReport(fixture))
    expect(text).toContain(
      'First-turn completeness (FTFC) 0.01 [0.00, 0.03] 0.44 [0.34, 0.54] +43 [+33, +52] p = 0.0001 p = 0.0003 gain',
    )
    expect(text).toContain(
      'Success rate (SR@3) 0.01 [0.00, 0.03] 0.52 [0.42, 0.62] +51 [+41, +61] p &lt; 0.0001 p &lt; 0.0001 gain',
    )
    expect(text).toContain('Score, 0 to 10 0.30 [0.10, 0.70] 5.60 [4.60, 6.50] +5.30 [+4.30, +6.20]')
    expect(text).toContain('Tokens 1,843 951 −892 [−1,102, −680]')
    expect(text).toContain('Not compared: RC (no task was solved by both).')
    expect(text).toContain('base none n=0')
    expect(renderRunReport(RunReport.parse(contractOnly))).not.toContain('id="metrics"')
  })

  it('is about the first trained arm, whatever it is called', () => {
    const renamed = JSON.parse(JSON.stringify(fixture).replaceAll('"curated"', '"mine"')) as unknown
    const report = RunReport.parse(renamed)
    expect(heading(report)).toContain('it passed 0% of unseen tasks (new values) before, and passes 63% now')
    const page = renderRunReport(report)
    expect(page).not.toContain('curated</code>')
    expect(plain(page)).toContain('Metric base mine Change')
  })

  it('is one file that asks for nothing: no script, no address, a strict policy', () => {
    const page = renderRunReport(fixture)
    expect(page).toContain(`content="default-src &#39;none&#39;; style-src &#39;unsafe-inline&#39;"`)
    expect(page).not.toMatch(/<script|<link|<img|<iframe|\ssrc=|\shref=|url\(|@import/i)
    expect(renderRunReport(fixture)).toBe(page)
  })

  it('shows a run that ended before its dataset, and an empty one', () => {
    const none = { train: 0, heldOutValues: 0, heldOutFamilies: 0, mined: 0 }
    const empty = RunReport.parse({
      queries: none,
      trajectories: { builtIn: 0, imported: 0 },
      selection: { chosen: 0, excluded: {} },
      dataset: null,
      training: null,
      evaluation: {},
      verdict: {},
      seconds: {},
    })
    const text = plain(renderRunReport(empty))
    expect(text).toContain('no verdict')
    expect(text).toContain('No training steps were logged.')
    expect(text).not.toMatch(/NaN|Infinity|undefined|null/)
  })

  it('warns where the proof failed', () => {
    const report = { ...fixture, dataset: { samples: 1, tokens: 9, trainedTokens: 3, proof: 'failed' as const } }
    expect(plain(renderRunReport(report))).toContain('do not trust this dataset')
  })

  it('says who decided: hidden checks, or judges by their names', () => {
    expect(plain(renderRunReport(fixture))).toContain('A hidden check of the final state decides; no model judges.')
    const protocol = { ...fixture.protocol, judges: ['mine', 'human'] }
    const text = plain(renderRunReport({ ...fixture, protocol }))
    expect(text).toContain('scored by a rubric, judged by mine, human')
    expect(text).not.toContain('no model judges')
  })

  it('shows no rate where nothing was tried', () => {
    const zero = { value: 0, low: 0, high: 1, n: 0 }
    const arm = { heldOutValues: { FTFC: zero, SR: zero, RC: zero } }
    const page = renderRunReport({
      ...RunReport.parse(contractOnly),
      evaluation: { base: arm, curated: arm },
      verdict: {},
    })
    expect(page).toContain('none n=0')
    expect(page).not.toContain('class="stem"')
  })
})
