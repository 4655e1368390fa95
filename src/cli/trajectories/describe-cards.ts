import { plural, table } from '../../shared/report/index.js'
import type { Card } from '../../stages/trajectories/index.js'

const MARKS = { present: '+', partly: '~', missing: '-' } as const
/** Cards are printed in full up to so many; beyond, a line a requirement says how many have it. */
const PRINTED = 20

/** Cards for people: `+` there, `~` partly, `-` missing. */
export function describeCards(cards: readonly Card[]): string {
  if (cards.length === 0) return 'no trajectories'
  const failing = cards.filter(({ failed }) => failed.length > 0)
  const shown = cards.length <= PRINTED ? cards : failing.slice(0, PRINTED)
  return [
    ...shown.map(describeCard),
    ...(cards.length > 1 ? [describeAll(cards)] : []),
    ...(failing.length > shown.length
      ? [`${plural(failing.length - shown.length, 'more fails', 'more fail')}; --json names them all`]
      : []),
  ].join('\n\n')
}

function describeCard({ id, items, failed }: Card): string {
  const rows = items.map(({ name, standing, detail }) => [
    `  ${MARKS[standing]}`,
    name,
    failed.includes(name) ? `${detail}  ← required` : detail,
  ])
  return `${id}\n${table(rows)}`
}

function describeAll(cards: readonly Card[]): string {
  const names = cards[0]?.items.map(({ name }) => name) ?? []
  const rows = names.map((name) => {
    const standings = cards.map(({ items }) => items.find((item) => item.name === name)?.standing)
    const count = (standing: string): number => standings.filter((one) => one === standing).length
    return [`  ${name}`, `${count('present')} present`, `${count('partly')} partly`, `${count('missing')} missing`]
  })
  return `${plural(cards.length, 'trajectory', 'trajectories')}\n${table(rows)}`
}
