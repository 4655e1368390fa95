const texts = new WeakMap<readonly number[], string>()

/** Numbers as a JSON array. The proof and the file of samples both need it of the same long arrays, so it is made once. */
export function numberText(numbers: readonly number[]): string {
  const known = texts.get(numbers)
  if (known !== undefined) return known
  const text = JSON.stringify(numbers)
  texts.set(numbers, text)
  return text
}
