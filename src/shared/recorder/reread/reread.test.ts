import { mkdtempSync, readFileSync, rmSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Message, Thread, TrajectoryEvent } from '../../../nouns/index.js'
import { simulated } from '../assembly/testing/simulated.js'
import { told, toldOf } from '../assembly/testing/truth.js'
import { LOG_FILE, WireLog } from '../log/index.js'
import { rereadRecording, type Reread } from './index.js'
import { writeCall, type WrittenLine } from './testing/wire.js'

const RUNS = Number(process.env['LIMI_TEST_RUNS'] ?? 60)

let folder = ''
beforeEach(() => void (folder = mkdtempSync(path.join(tmpdir(), 'limi-reread-'))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const log = (): string => path.join(folder, LOG_FILE)
const END = { rounds: [], roundStarts: [], outcome: { status: 'success' as const, by: 'person' }, whole: true }

const reread = (manifest?: { end: typeof END }): Promise<Reread> =>
  rereadRecording({
    log: log(),
    meta: { agent: 'other', routes: { openai: 'https://api.example.com' } },
    header: {
      ...{ type: 'header', format: 'limi.trajectory/1', id: 'one', tags: {} },
      source: { kind: 'recorded', agent: 'other', model: 'unknown' },
    },
    ...(manifest === undefined ? {} : { manifest }),
  })

function threadsIn(events: readonly TrajectoryEvent[]): Thread[] {
  const threads = new Map<string, { id: string; messages: Message[] }>()
  for (const event of events) {
    if (event.type === 'thread') threads.set(event.id, { ...event, messages: [] })
    else if (event.type === 'message') threads.get(event.thread)?.messages.push(event.message)
  }
  return [...threads.values()]
}

const asidesIn = (events: readonly TrajectoryEvent[]) =>
  events.flatMap((event) => (event.type === 'aside' ? [event.aside] : []))

/** The name of a call and the message that it made, of all turns and asides. */
function spokenIn(events: readonly TrajectoryEvent[]): Map<string, Message | undefined> {
  const callOf = (extra: unknown): string => (extra as { recorded: { call: string } }).recorded.call
  const turns = threadsIn(events).flatMap(({ messages }) => messages.filter(({ origin }) => origin === 'model'))
  return new Map([
    ...turns.map((message) => [callOf(message.call?.extra), message] as const),
    ...asidesIn(events).map(
      ({ extra, messages }) => [callOf(extra), messages.find(({ origin }) => origin === 'model')] as const,
    ),
  ])
}

const plans = fc.record({
  dialect: fc.constant('chat-completions' as const),
  ...{ seed: fc.nat(), turns: fc.integer({ min: 1, max: 6 }), sessions: fc.constantFrom(1, 1, 2) },
})

function write(plan: Parameters<typeof simulated>[0]) {
  rmSync(log(), { force: true })
  const agent = simulated(plan, () => undefined)
  const wire = new WireLog(folder)
  const lines = agent.calls.flatMap((call) => writeCall(wire, call))
  wire.close()
  return { agent, lines }
}

describe('a wire log', () => {
  it('is again what an agent of any habits did, message for message', { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(plans, async (plan) => {
        const { agent } = write(plan)
        const { events, open, unread, lost } = await reread({ end: END })
        expect({ open, unread, lost }).toEqual({ open: 0, unread: 0, lost: 0 })
        expect(toldOf(threadsIn(events))).toEqual(told(agent.threads))
        expect(asidesIn(events).map(({ extra }) => (extra?.['recorded'] as { call: string }).call)).toEqual(
          [...agent.asides].sort((a, b) => a - b).map((seq) => `c${seq}`),
        )
      }),
      { numRuns: RUNS },
    )
  })

  it('that is cut anywhere holds every call that ended, and of the open one what had been said', async () => {
    await fc.assert(
      fc.asyncProperty(plans, fc.nat(10_000), async (plan, share) => {
        const { agent, lines } = write(plan)
        const bytes = readFileSync(log())
        const size = Math.floor((bytes.length * share) / 10_000)
        truncateSync(log(), size)
        const { events, lost } = await reread()
        expect(lost).toBe(0)
        expect(events.some(({ type }) => type === 'end')).toBe(false)
        const spoken = spokenIn(events)
        for (const { call, said, isEnd } of lastOf(lines.slice(0, toldLines(bytes, size)))) {
          const truth = agent.calls.find(({ id }) => id === call)?.response?.message?.content ?? ''
          const found = spoken.get(call)?.content ?? ''
          if (isEnd) expect([call, spoken.has(call), found]).toEqual([call, true, truth])
          else if (said > 0) expect([call, found]).toEqual([call, truth.slice(0, said)])
        }
      }),
      { numRuns: RUNS },
    )
  })
})

/** How many lines besides blobs are whole in the beginning of a log. A last line may be whole without its line feed. */
function toldLines(bytes: Buffer, size: number): number {
  const isLast = bytes[size] === 0x0a || bytes[size - 1] === 0x0a
  const lines = bytes.subarray(0, size).toString().split('\n')
  const whole = isLast ? lines : lines.slice(0, -1)
  return whole.filter((line) => line !== '' && !line.startsWith('{"type":"blob"')).length
}

const lastOf = (lines: readonly WrittenLine[]): readonly WrittenLine[] => [
  ...new Map(lines.map((line) => [line.call, line])).values(),
]
