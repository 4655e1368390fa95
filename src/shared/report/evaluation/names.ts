/** What metrics are called on the page, in the order in which they stand there. */
const TITLES: Readonly<Record<string, string>> = {
  SR: 'Success rate',
  FTFC: 'First-turn completeness (FTFC)',
  RC: 'Remaining chances',
  mean: 'Mean of the three',
  score: 'Score, 0 to 10',
  attempts: 'Rounds used',
  attemptEfficiency: 'Score in % by rounds used',
  tokenEfficiency: 'Score in % by million tokens',
  tokens: 'Tokens',
  cost: 'Cost',
  seconds: 'Seconds',
  turns: 'Model calls',
  calls: 'Actions',
}

/** The metrics that are shares of 1, which one axis can show. */
export const SHARES = ['SR', 'FTFC', 'RC', 'mean'] as const

export function titleOf(metric: string, rounds: number): string {
  if (metric === 'SR' || metric === 'RC') return `${TITLES[metric] ?? metric} (${metric}@${rounds})`
  const within = /^within(\d+)@(\d+)$/u.exec(metric)
  if (within !== null) return `At least ${within[2] ?? ''} % of the points within ${roundsWords(within[1] ?? '')}`
  const repeated = /^pass([@^])(\d+)$/u.exec(metric)
  if (repeated === null) return TITLES[metric] ?? metric
  const [, kind = '', k = ''] = repeated
  if (k === '1') return `One trial succeeds (${metric})`
  return `${kind === '@' ? 'At least one' : 'Every one'} of ${k} trials succeeds (${metric})`
}

const roundsWords = (k: string): string => (k === '1' ? 'the first round' : `${k} rounds`)

/** Known metrics in the page's order, then others as they come. */
export function inOrderOfPage(metrics: readonly string[]): string[] {
  const known = Object.keys(TITLES)
  const place = (name: string): number => (known.includes(name) ? known.indexOf(name) : known.length)
  return [...metrics].sort((a, b) => place(a) - place(b))
}
