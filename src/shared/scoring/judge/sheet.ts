import type { Query, RubricItem, Scoring } from '../../../nouns/index.js'
import type { Change, Sandbox } from '../../sandboxes/index.js'
import { readLeft } from '../read.js'
import type { ScoringInput } from '../scorer.js'
import { globMatcher } from './glob.js'
import type { JudgeSheet, Shown, ShownFile } from './judge.js'
import { fairShares, SHEET_LIMITS, type SheetLimits } from './limits.js'
import { head, visible, visibleHead } from './visible.js'

type Changes = Readonly<Record<string, Change>>

/** What a judge is shown of a state: the answer, the names of all files, and the texts of those that the query names or the agent touched. */
export async function sheetOf(
  input: ScoringInput,
  { rubric, files: globs }: Pick<Extract<Scoring, { kind: 'judge' }>, 'rubric' | 'files'>,
  limits: SheetLimits = SHEET_LIMITS,
): Promise<JudgeSheet> {
  const { sandbox, query, answer } = input
  const changes = (await input.changes?.()) ?? null
  const paths = await sandbox.files()
  const all = [...wantedOf(paths, changes, globs)].sort()
  const named = all.filter(namedIn([query.request, ...rubric.map(({ requirement }) => requirement)].join('\n')))
  const wanted = [...new Set([...named, ...all])]
  const read = await Promise.all(wanted.slice(0, limits.files).map((path) => readShown(sandbox, path, limits)))
  const missing = wanted.length > read.length ? [tooMany(wanted.length, read.length)] : []
  return {
    query,
    rubric: rubric.map((item): RubricItem => ({ ...item })),
    answer: cutTo(visibleHead(answer, limits.answerCharacters + 2), answer.length, limits.answerCharacters),
    names: namesOf(paths, changes, limits.namesCharacters),
    files: withShares(read, named.length, limits.filesCharacters),
    missing,
  }
}

/** Files that the globs fit; without globs those added or changed; all where it is not known which those are. */
function wantedOf(
  paths: readonly string[],
  changes: Changes | null,
  globs: readonly string[] | undefined,
): Set<string> {
  if (globs !== undefined) {
    const matchers = globs.map(globMatcher)
    return new Set(paths.filter((path) => matchers.some((fits) => fits(path))))
  }
  if (changes === null) return new Set(paths)
  return new Set(Object.keys(changes).filter((path) => changes[path] !== 'removed'))
}

/** Whether a text speaks of a file. These come first, so that a flood of others cannot push them out. */
const namedIn =
  (text: string) =>
  (path: string): boolean =>
    text.includes(path.slice(path.lastIndexOf('/') + 1))

const tooMany = (wanted: number, read: number): string =>
  `${wanted - read} of ${wanted} files are not shown: ${read} are the most`

function namesOf(paths: readonly string[], changes: Changes | null, characters: number): Shown {
  const marks = new Map(Object.entries(changes ?? {}))
  const all = [...new Set([...paths, ...marks.keys()])].sort()
  const lines = all.map((path) => [shownPath(path), marks.get(path) ?? ''].join('  ').trimEnd())
  let used = 0
  const kept = lines.filter((line) => (used += line.length + 1) <= characters)
  const left = lines.length - kept.length
  return { text: kept.join('\n'), ...(left === 0 ? {} : { cut: `${left} of ${lines.length} names are left out` }) }
}

const PATH_CHARACTERS = 300

/** A path in quotes on one line; a long one is cut, and says so. */
export function shownPath(path: string): string {
  const quoted = visible(JSON.stringify(path))
  if (quoted.length <= PATH_CHARACTERS) return quoted
  return `${head(quoted, PATH_CHARACTERS)}… (${quoted.length - PATH_CHARACTERS} more characters)`
}

interface Read extends Shown {
  readonly path: string
  readonly bytes: number
}

async function readShown(sandbox: Sandbox, path: string, limits: SheetLimits): Promise<Read> {
  const bytes = await readLeft(sandbox, path)
  if (bytes === null || bytes === 'outside')
    return { path, bytes: 0, text: '', cut: 'it cannot be read: nothing is shown' }
  const size = bytes.length
  if (bytes.subarray(0, 8_192).includes(0))
    return { path, bytes: size, text: '', cut: `no text (${size} bytes): nothing is shown` }
  // Nothing beyond what could be shown is looked at; a little more says that there is more.
  const most = limits.filesCharacters + 2
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(0, most * 4))
  return { path, bytes: size, text: visibleHead(text, most) }
}

/** The part of the room that files which are spoken of may take before the others. */
const NAMED_PART = 0.75

function withShares(read: readonly Read[], named: number, whole: number): ShownFile[] {
  const wanted = read.map(({ text }) => text.length)
  const first = fairShares(wanted.slice(0, named), whole * NAMED_PART)
  const others = fairShares(wanted.slice(named), whole - first.reduce((sum, share) => sum + share, 0))
  const shares = [...first, ...others]
  return read.map(({ path, bytes, text, cut }, at) => {
    if (cut !== undefined) return { path, text, cut }
    return { path, ...cutTo(text, bytes, shares[at] ?? 0, 'bytes') }
  })
}

function cutTo(text: string, whole: number, characters: number, unit = 'characters'): Shown {
  const shown = head(text, characters)
  if (shown.length === text.length) return { text }
  return { text: shown, cut: `cut: its first ${shown.length} characters are shown, of ${whole} ${unit} in all` }
}

export const requestOf = ({ request }: Query): string => visible(request)
