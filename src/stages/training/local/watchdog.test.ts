import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Watchdog } from './watchdog.js'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function watch(leastMs: number) {
  const stalls: number[] = []
  return { dog: new Watchdog(leastMs, (ms) => stalls.push(ms)), stalls }
}

const step = (dog: Watchdog, ms: number): void => {
  vi.advanceTimersByTime(ms)
  dog.stepDone()
}

test('before the first step it waits three times as long', () => {
  const { stalls } = watch(1000)
  vi.advanceTimersByTime(2999)
  expect(stalls).toEqual([])
  vi.advanceTimersByTime(1)
  expect(stalls).toEqual([3000])
})

test('slow steps are no stall: twenty times their median is', () => {
  const { dog, stalls } = watch(1000)
  for (const ms of [100, 500, 500, 500]) step(dog, ms)
  vi.advanceTimersByTime(9_999)
  expect(stalls).toEqual([])
  vi.advanceTimersByTime(1)
  expect(stalls).toEqual([10_000])
})

test('fast steps still have the least time, and every sign of life counts', () => {
  const { dog, stalls } = watch(1000)
  for (const ms of [1, 1, 1]) step(dog, ms)
  vi.advanceTimersByTime(999)
  dog.heard()
  vi.advanceTimersByTime(999)
  expect(stalls).toEqual([])
  vi.advanceTimersByTime(1)
  expect(stalls).toEqual([1000])
})

test('once ended it says nothing', () => {
  const { dog, stalls } = watch(1000)
  dog.end()
  vi.advanceTimersByTime(100_000)
  expect(stalls).toEqual([])
})
