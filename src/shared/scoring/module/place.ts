import path from 'node:path'
import { fileURLToPath } from 'node:url'

const here = path.dirname(fileURLToPath(import.meta.url)) + path.sep

/** `file:line:column` of the innermost frame of an error's stack that is the module's own code, else that of a package; null where all are Node's, the loader's or limi's. */
export function placeIn(stack: string): string | null {
  const places = stack.split('\n').flatMap(placeOfFrame).filter(isTheirs)
  return places.find((place) => !/[/\\]node_modules[/\\]/.test(place)) ?? places[0] ?? null
}

/** V8 writes `at name (place)` or `at place`; a path may hold blanks and brackets. */
function placeOfFrame(line: string): string[] {
  const frame = /^\s+at (.+)$/.exec(line)?.[1]
  if (frame === undefined) return []
  const place = frame.endsWith(')') ? frame.slice(frame.indexOf(' (') + 2, -1) : frame.replace(/^async /, '')
  if (!/:\d+:\d+$/.test(place)) return []
  return [place.startsWith('file://') ? pathOf(place) : place]
}

function pathOf(url: string): string {
  try {
    return fileURLToPath(url)
  } catch {
    return url
  }
}

const isTheirs = (place: string): boolean =>
  path.isAbsolute(place) && !place.startsWith(here) && !/[/\\]node_modules[/\\]jiti[/\\]/.test(place)
