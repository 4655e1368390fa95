import { InvalidArgumentError } from 'commander'

const wholeNumber = (text: string, least: number): number => {
  const value = Number(text)
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < least)
    throw new InvalidArgumentError(`a whole number from ${least} on`)
  return value
}

/** 1, 2, 3… */
export const count = (text: string): number => wholeNumber(text, 1)

/** 0, 1, 2… */
export const natural = (text: string): number => wholeNumber(text, 0)

/** `key=value`, gathered over repeated options. */
export function pairs(text: string, before: Readonly<Record<string, string>> = {}): Record<string, string> {
  const at = text.indexOf('=')
  if (at < 1) throw new InvalidArgumentError('key=value')
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) }
}

/** Tasks by suite and by name, as `--tasks` says them. */
export interface TaskChoice {
  readonly count: Readonly<Record<string, number>>
  readonly names: readonly string[]
}

/** `suite=n`, or a task's id or pattern, gathered over repeated options. */
export function taskChoice(text: string, before: TaskChoice = { count: {}, names: [] }): TaskChoice {
  if (!text.includes('=')) return { ...before, names: [...before.names, text] }
  const given = Object.entries(pairs(text)).map(([key, n]): [string, number] => [key, count(n)])
  return { ...before, count: { ...before.count, ...Object.fromEntries(given) } }
}

/** Repeated options as a list. */
export const list = (text: string, before: readonly string[] = []): string[] => [...before, text]

/** Any number above 0. */
export function positive(text: string): number {
  const value = Number(text)
  if (!Number.isFinite(value) || value <= 0) throw new InvalidArgumentError('a number above 0')
  return value
}

/** Any number from 0 to 1. */
export function fraction(text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !(value >= 0 && value <= 1)) throw new InvalidArgumentError('a number from 0 to 1')
  return value
}

/** A fraction from above 0 to below 1. */
export function share(text: string): number {
  const value = Number(text)
  if (!(value > 0 && value < 1)) throw new InvalidArgumentError('a fraction between 0 and 1, such as 0.1')
  return value
}
