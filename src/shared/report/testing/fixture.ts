import { RunReport } from '../run-report.js'
import { contractOnly, lossAt } from './contract.js'
import { sideBySide } from './side-by-side.js'

const rate = (value: number, low: number, high: number, n: number) => ({ value, low, high, n })

const arm = (values: number, families: number) => ({
  heldOutValues: suite(values, 54),
  heldOutFamilies: suite(families, 36),
})

function suite(value: number, n: number) {
  const half = (share: number) => 1.96 * Math.sqrt((share * (1 - share)) / n)
  const around = (share: number) => rate(share, Math.max(0, share - half(share)), Math.min(1, share + half(share)), n)
  return { FTFC: around(value * 0.85), SR: around(value), RC: around(value * 0.6) }
}

const compared = (difference: number, low: number, high: number) => ({
  ...{ verdict: 'gain', difference, low, high, detectable: 0.13 },
  ...{ n: 90, onlyA: 0, onlyB: 46 },
})

const names =
  'append-file append-last-lines count-files count-lines count-matching-lines create-file create-folder cut-column dedupe-lines delete-file extract-matching find-largest first-lines join-files last-lines list-by-extension lowercase move-file number-lines rename-file replace-word reverse-lines sort-lines sort-numbers sum-column summarise-log'.split(
    ' ',
  )

/** A realistic run of the demo with `--arms all`. */
export const fixture: RunReport = RunReport.parse({
  ...contractOnly,
  evaluation: {
    ...contractOnly.evaluation,
    random78: arm(0.35, 0.14),
    pool: arm(0.22, 0.11),
    good300: arm(0.67, 0.39),
  },
  verdict: {
    heldOutValues: { ...contractOnly.verdict.heldOutValues, n: 54, onlyA: 0, onlyB: 34 },
    heldOutFamilies: { ...contractOnly.verdict.heldOutFamilies, n: 36, onlyA: 0, onlyB: 13 },
  },
  project: 'shell-demo',
  limi: '0.1.0',
  created: '2026-11-22T14:05:00Z',
  seed: 1,
  versions: { node: '20.19.5', python: '3.11.9', torch: '2.15.0', transformers: '5.23.0', trl: '1.16.0' },
  arms: [
    { name: 'base', description: 'SmolLM2-135M-Instruct as it came', demonstrations: 0, steps: 0 },
    { name: 'curated', description: 'trained on the 78 chosen demonstrations', demonstrations: 78, steps: 60 },
    { name: 'random78', description: '78 drawn at random from the pool', demonstrations: 78, steps: 60 },
    { name: 'pool', description: 'the whole pool, mistakes included', demonstrations: 297, steps: 60 },
    { name: 'good300', description: 'three hundred correct demonstrations', demonstrations: 300, steps: 60 },
  ],
  protocol: { rounds: 3, turns: 4, tokensPerTurn: 64 },
  selectionDetail: {
    families: names.map((family, index) => ({ family, chosen: 3, pool: 8 + ((index * 7) % 9) })),
    examples: [
      {
        reason: 'check-failed',
        trajectory: 'shell-count-lines-0041-novice',
        detail: 'answer: said 17, the file has 18 lines',
        request: 'How many lines does notes/harbour.txt have?',
      },
      {
        reason: 'not-needed',
        trajectory: 'shell-create-file-0007-expert',
        detail: 'cell create-file × 2 turns × wording 1 holds its three',
        request: 'Create a file called plan.txt with the text “water the figs”.',
      },
      {
        reason: 'near-duplicate',
        trajectory: 'shell-sort-lines-0019-novice',
        detail: 'of shell-sort-lines-0012-expert: 0.96 of its five-grams',
        request: 'Sort the lines of cities.txt and save them as sorted.txt.',
      },
      { reason: 'imported', trajectory: 'openclaw-3f9a1c', detail: 'AcademiClaw, CC-BY-4.0: outcome by its source' },
    ],
  },
  tokens: [
    {
      title: 'A demonstration of count-lines',
      trajectory: 'shell-count-lines-0012-expert',
      tokens: 96,
      trainedTokens: 23,
      messages: [
        message('system', 'Answer| with| one| command| in| a| fenced| block|,| or| with| the| answer|.'),
        message('user', 'How| many| lines| does| notes|/|har|bour|.|txt| have|?'),
        message('assistant', '```|bash|\n|wc| -|l| <| notes|/|har|bour|.|txt|\n|```'),
        message('user', 'exit| code| |0|\n|18'),
        message('assistant', 'notes|/|har|bour|.|txt| has| |18| lines|.'),
      ],
    },
  ],
  lossCurve: Array.from({ length: 60 }, (_, index) => ({ step: index + 1, loss: lossAt(index + 1) })),
  sideBySide,
  allTasks: {
    evaluation: {
      base: { ...suite(0.01, 90), RC: rate(0, 0, 1, 0), score: rate(0.3, 0.1, 0.7, 90) },
      curated: { ...suite(0.52, 90), score: rate(5.6, 4.6, 6.5, 90) },
      random78: suite(0.27, 90),
      pool: suite(0.18, 90),
      good300: suite(0.56, 90),
    },
    verdict: {
      metrics: {
        SR: { ...compared(0.51, 0.41, 0.61), p: 3.4e-12, pAdjusted: 1.4e-11 },
        FTFC: { ...compared(0.43, 0.33, 0.52), p: 0.0001, pAdjusted: 0.0003 },
        score: { ...compared(5.3, 4.3, 6.2), p: 0.0001, pAdjusted: 0.0003, detectable: 1.3 },
      },
      amounts: {
        tokens: { a: 1843.2, b: 951.4, difference: -891.8, low: -1102, high: -680.3, n: 90 },
        seconds: { a: 12.41, b: 6.02, difference: -6.39, low: -7.7, high: -5.1, n: 90 },
        turns: { a: 4.2, b: 2.1, difference: -2.1, low: null, high: null, n: 90 },
      },
      leftOut: [{ metric: 'RC', why: 'no task was solved by both' }],
    },
  },
  comparisons: [
    {
      a: 'random78',
      b: 'curated',
      suites: {
        heldOutValues: { verdict: 'gain', difference: 0.28, low: 0.13, high: 0.43, p: 0.0013, detectable: 0.21 },
        heldOutFamilies: { verdict: 'gain', difference: 0.22, low: 0.06, high: 0.39, p: 0.021, detectable: 0.21 },
      },
    },
    {
      a: 'good300',
      b: 'curated',
      suites: {
        heldOutValues: { verdict: 'not-shown', difference: -0.04, low: -0.17, high: 0.09, p: 0.77, detectable: 0.19 },
        heldOutFamilies: { verdict: 'not-shown', difference: -0.03, low: -0.19, high: 0.14, p: 1, detectable: 0.22 },
      },
    },
  ],
  why: [
    'Evaluation curated-values used checkpoint demo-curated, made from dataset curated (78 samples), made from selection curated.',
    'Demonstrations are scripted: an expert that knows each family’s solution and a novice with a stated share of mistakes.',
    'torch came as the CUDA build from PyPI, since no CPU index could be reached.',
  ],
})

function message(role: 'system' | 'user' | 'assistant', pieces: string) {
  const said = role === 'assistant'
  const context = (text: string) => ({ text, trains: false })
  return {
    role,
    segments: [
      context('<|im_start|>'),
      context(role),
      context('\n'),
      ...pieces.split('|').map((text) => ({ text, trains: said })),
      { text: '<|im_end|>', trains: said },
      context('\n'),
    ],
  }
}
