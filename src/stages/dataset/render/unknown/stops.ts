/** Where the first stop token of a text ends, the longest of several at one place; null where there is none. */
export function afterStop(text: string, stops: readonly string[]): number | null {
  let found: { readonly at: number; readonly length: number } | null = null
  for (const stop of stops) {
    const at = text.indexOf(stop)
    if (at < 0) continue
    if (found === null || at < found.at || (at === found.at && stop.length > found.length)) {
      found = { at, length: stop.length }
    }
  }
  return found === null ? null : found.at + found.length
}

export const withoutStops = (text: string, stops: readonly string[]): string =>
  stops.reduce((rest, stop) => rest.replaceAll(stop, ''), text)
