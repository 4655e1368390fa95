/** Python counts code points; JavaScript UTF-16 units. They differ only where a text holds a surrogate. */
const SURROGATE = /[\ud800-\udfff]/

export const isPlain = (text: string): boolean => !SURROGATE.test(text)

export const codePoints = (text: string): readonly string[] => Array.from(text)

export const countPoints = (text: string): number => (isPlain(text) ? text.length : codePoints(text).length)

/** A place in UTF-16 units as one in code points. */
export const pointAt = (text: string, unit: number): number => countPoints(text.slice(0, unit))
