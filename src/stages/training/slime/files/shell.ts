/** One word for a POSIX shell, whatever stands in it. */
export const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`

/** A bash array with one option a line; an option with a value is a pair. */
export function bashArray(name: string, options: readonly (string | readonly [string, string | number])[]): string {
  const lines = options.map((option) => {
    if (typeof option === 'string') return `  ${option}`
    const [flag, value] = option
    return `  ${flag} ${typeof value === 'number' ? String(value) : value}`
  })
  return `${name}=(\n${lines.join('\n')}\n)`
}
