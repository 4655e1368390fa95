import { mkdtemp, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { unwrap, type Message, type MessageUse, type Trajectory } from '../../nouns/index.js'
import { applyReview, readReviews, resolveReview } from './index.js'

const message = (id: string, change: Partial<Message> = {}): Message => ({
  id,
  role: 'assistant',
  origin: 'model',
  content: `says ${id}`,
  ...change,
})
const result = (id: string, toolCallId: string): Message => message(id, { role: 'tool', origin: 'tool', toolCallId })
const calling = (id: string, ...calls: string[]): Message =>
  message(id, { toolCalls: calls.map((call) => ({ id: call, name: 'sh', arguments: '{}' })) })

const withThreads = (...threads: Message[][]): Trajectory => ({
  format: 'limi.trajectory/1',
  id: 't',
  source: { kind: 'built-in', agent: 'a', model: 'm' },
  tags: {},
  threads: threads.map((messages, index) => ({ id: `thread-${index}`, messages })),
  asides: [],
  tools: {},
  rounds: [],
  outcome: { status: 'success', by: 'checks' },
  complete: true,
})

const agent = withThreads([
  message('u', { role: 'user', origin: 'human' }),
  calling('a1', 'c1', 'c2'),
  result('r1', 'c1'),
  result('r2', 'c2'),
  calling('a2', 'c1'),
  result('r3', 'c1'),
  message('a3', { weight: 0 }),
  message('s', { content: '', reasoning: { kind: 'summary', text: 'so' } }),
  message('b', { origin: 'rebuilt' }),
])

const here = (index: number): string => `entry ${index}`
const use = (id: string, how: MessageUse, thread?: string) => ({ message: id, use: how, ...(thread ? { thread } : {}) })
const idsAfter = (trajectory: Trajectory): string[] =>
  trajectory.threads.flatMap((one) => one.messages.map(({ id }) => id))

describe('a review', () => {
  it('cuts the results of a call with it, and says so', () => {
    const resolved = unwrap(resolveReview(agent, [use('a1', 'cut')], here))
    expect(resolved.map((entry) => [entry.message, entry.use])).toEqual([
      ['a1', 'cut'],
      ['r1', 'cut'],
      ['r2', 'cut'],
    ])
    expect(resolved[1]?.why).toContain('sh (c1)')
    expect(idsAfter(unwrap(applyReview(agent, [use('a1', 'cut')], here)))).toEqual(['u', 'a2', 'r3', 'a3', 's', 'b'])
    expect(unwrap(applyReview(agent, resolved, here))).toEqual(unwrap(applyReview(agent, [use('a1', 'cut')], here)))
  })

  it('makes a message context, or trains one that its source weighs nothing', () => {
    const taught = unwrap(applyReview(agent, [use('a2', 'context'), use('a3', 'train')], here))
    const weights = new Map(taught.threads[0]!.messages.map(({ id, weight }) => [id, weight]))
    expect([weights.get('a1'), weights.get('a2'), weights.get('a3')]).toEqual([undefined, 0, undefined])
  })

  it.each([
    ['review.message-unknown', [use('nobody', 'cut')]],
    ['review.message-unknown', [use('a1', 'cut', 'elsewhere')]],
    ['review.twice', [use('a1', 'cut'), use('a1', 'context')]],
    ['review.not-emitted', [use('u', 'train')]],
    ['review.not-emitted', [use('b', 'train')]],
    ['review.not-emitted', [use('s', 'train')]],
    ['review.cut-orphans', [use('r2', 'cut')]],
    ['review.cut-orphans', [use('r2', 'context'), use('a1', 'cut')]],
  ])('%s', (code, entries) => {
    const refused = resolveReview(agent, entries, here)
    const index = code === 'review.twice' ? 1 : 0
    expect(refused).toMatchObject({ ok: false, failure: { code, where: `entry ${index}`, kind: 'input' } })
    if (code === 'review.cut-orphans') expect(refused.ok || refused.failure.message).toContain('sh (c2)')
  })

  it('asks for the thread where an id names several messages, and not where it is one message shown twice', () => {
    const other = withThreads([message('m0')], [message('m0', { content: 'another' })])
    expect(resolveReview(other, [use('m0', 'cut')], here)).toMatchObject({ failure: { code: 'review.ambiguous' } })
    const cut = unwrap(applyReview(other, [use('m0', 'cut', 'thread-1')], here))
    expect(cut.threads.map(({ messages }) => messages.length)).toEqual([1, 0])
    const same = withThreads([message('m0')], [message('m0')])
    expect(idsAfter(unwrap(applyReview(same, [use('m0', 'cut')], here)))).toEqual([])
  })

  it('never leaves a call without its result, nor a result without its call', () => {
    const step = fc.integer({ min: 0, max: 3 })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 6 }), fc.array(fc.nat({ max: 20 }), { maxLength: 5 }), (steps, cuts) => {
        const messages = steps.flatMap((calls, at) => {
          const ids = Array.from({ length: calls }, (_, index) => `c${index}`)
          return [calling(`a${at}`, ...ids), ...ids.map((id) => result(`r${at}${id}`, id))]
        })
        const ids = [...new Set(cuts)].flatMap((at) => messages[at]?.id ?? [])
        const applied = applyReview(
          withThreads(messages),
          ids.map((id) => use(id, 'cut')),
          here,
        )
        if (!applied.ok) return applied.failure.code === 'review.cut-orphans'
        const kept = applied.value.threads[0]!.messages
        const gone = messages.filter(({ id }) => !kept.some((one) => one.id === id)).map(({ id }) => id)
        const ownerOf = (id: string): string => (id.startsWith('r') ? `a${id[1] ?? ''}` : id)
        const owners = new Set(gone.map(ownerOf))
        return messages.every(({ id }) => gone.includes(id) === owners.has(ownerOf(id)))
      }),
    )
  })
})

describe('the files of reviews', () => {
  const folderWith = async (name: string, text: string): Promise<string> => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'limi-reviews-ü '))
    await writeFile(path.join(folder, name), text)
    return folder
  }
  const head = 'format: limi.review/1\ntrajectory: t\nby: me\n'

  it('are read with the line of each entry; what does not teach leaves the digest alone', async () => {
    const text = `${head}messages:\n  - message: a1\n    use: cut\n  - {message: a3, use: context}\n`
    const folder = await folderWith('t.yaml', text)
    const review = unwrap(await readReviews(folder)).get('t')!
    expect([review.placeOf(0), review.placeOf(1)]).toEqual([`${review.file}:5`, `${review.file}:7`])
    const other = await folderWith('t.yaml', text.replace('by: me', 'by: you\nnote: good'))
    expect(unwrap(await readReviews(other)).get('t')!.digest).toBe(review.digest)
    const changed = await folderWith('t.yaml', text.replace('use: cut', 'use: train'))
    expect(unwrap(await readReviews(changed)).get('t')!.digest).not.toBe(review.digest)
  })

  it('are none where there is no folder', async () => {
    expect(unwrap(await readReviews(path.join(os.tmpdir(), 'limi-no-reviews'))).size).toBe(0)
  })

  it.each([
    ['t.yaml', `${head}messages:\n  - message: a1\n    use: skip\n`, ':6'],
    ['t.yaml', 'format: limi.review/1\n  trajectory: [', ':'],
    [
      't.yaml',
      'a: &a [1]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c]',
      '',
    ],
    ['other.yaml', head, 'other.yaml'],
  ])('%s that is damaged is review.invalid with its place', async (name, text, where) => {
    const read = await readReviews(await folderWith(name, text))
    expect(read).toMatchObject({ ok: false, failure: { code: 'review.invalid' } })
    expect(read.ok || read.failure.where).toContain(where)
  })

  it('an empty file is damaged too, and the message names no field', async () => {
    const read = await readReviews(await folderWith('t.yaml', ''))
    expect(read).toMatchObject({
      ok: false,
      failure: { code: 'review.invalid', message: expect.stringMatching(/^Inv/) },
    })
  })
})
