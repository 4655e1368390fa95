import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readEvents, writeEvent } from './sse.js'

const read = (text: string) => [...readEvents(text)]

describe('the examples of the standard (WHATWG HTML, "Server-sent events")', () => {
  it('data of several lines', () => {
    expect(read('data: YHOO\ndata: +2\ndata: 10\n\n')).toEqual([{ data: 'YHOO\n+2\n10' }])
  })

  it('comments, fields that are not read, and an end before the empty line', () => {
    const text = ': test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event'
    expect(read(text)).toEqual([
      { data: 'first event' },
      { data: 'second event' },
      { data: ' third event', isCut: true },
    ])
  })

  it('an event without data is none, and one space is left out', () => {
    expect(read('data\n\ndata\ndata\n\ndata:')).toEqual([{ data: '' }, { data: '\n' }, { data: '', isCut: true }])
    expect(read('data:test\n\ndata: test\n\n')).toEqual([{ data: 'test' }, { data: 'test' }])
    expect(read('event: add\ndata: 1\n\nevent: lone\n\ndata: 2\n\n')).toEqual([
      { event: 'add', data: '1' },
      { data: '2' },
    ])
  })
})

const data = fc.jsonValue().map((value) => JSON.stringify(value))
const events = fc.array(fc.record({ data, event: fc.option(fc.constantFrom('a', 'message_stop'), { nil: undefined }) }))
const end = fc.constantFrom('\n', '\r\n', '\r')

it('what is written comes back, whatever lines end in and whatever comments stand between', () => {
  fc.assert(
    fc.property(events, end, (given, line) => {
      const text = given.map((one) => `: still here\n\n${writeEvent(one.data, one.event)}`).join('')
      expect(read(`\ufeff${text.replaceAll('\n', line)}`)).toEqual(given)
    }),
  )
})

it('a text cut anywhere gives the events before, and at most a beginning of the next', () => {
  fc.assert(
    fc.property(events, end, (given, line) => {
      const text = given
        .map((one) => writeEvent(one.data))
        .join('')
        .replaceAll('\n', line)
      for (let length = 0; length < text.length; length += 1) {
        const found = read(text.slice(0, length))
        const whole = found.filter(({ isCut }) => isCut !== true)
        expect(whole.map((one) => one.data)).toEqual(given.slice(0, whole.length).map((one) => one.data))
        for (const cut of found.slice(whole.length)) expect(given[whole.length]?.data.startsWith(cut.data)).toBe(true)
      }
    }),
    { numRuns: 30 },
  )
})
