/** Tests by name and whether each passed; null where the output holds no results. */
type Parser = (printed: string) => ReadonlyMap<string, boolean> | null

/** Statuses of pytest's short summary, and whether Terminal-Bench counts them as passed. */
const PYTEST: ReadonlyMap<string, boolean> = new Map([
  ['PASSED', true],
  ['XFAIL', true],
  ['SKIPPED', true],
  ['FAILED', false],
  ['XPASS', false],
  ['ERROR', false],
])

/** pytest's "short test summary info" (its manual, option `-r`), of which a line is a status, the test, and after ` - ` why it failed. */
const pytest: Parser = (printed) => {
  for (const { index, 0: words } of printed.matchAll(/short test summary info/gi)) {
    const [before, after] = [printed.slice(0, index).trimEnd(), printed.slice(index + words.length)]
    if (before.endsWith('=') && after.trimStart().startsWith('='))
      return new Map(after.split(/\r\n|\r|\n/).flatMap(resultIn))
  }
  return null
}

const LONGEST_STATUS = 20

function resultIn(line: string): [string, boolean][] {
  const end = line.startsWith('FAILED') ? line.lastIndexOf(' - ') : -1
  const said = (end === -1 ? line : line.slice(0, end)).trim()
  const blank = said.search(/\s/)
  const [status, test] = [said.slice(0, blank), said.slice(blank).trim()]
  if (blank === -1 || blank > LONGEST_STATUS) return []
  const passed = PYTEST.get(status.replace(/^:+|:+$/g, ''))
  const name = test.includes('::') ? test.slice(test.indexOf('::') + 2) : test
  return passed === undefined || name === '' ? [] : [[name, passed]]
}

/** What stands between two lines that say where results begin and end; all of it before or after one that is missing. */
function between(printed: string, [start, end]: readonly [string, string]): string {
  const from = printed.indexOf(start)
  const rest = from === -1 ? printed : printed.slice(from + start.length)
  const to = rest.lastIndexOf(end)
  return (to === -1 ? rest : rest.slice(0, to)).trim()
}

const linesOf = (name: string): readonly [string, string] => [
  `${name} results starts here`,
  `${name} results ends here`,
]

const saying = (name: string, success: string): Parser => {
  const lines = linesOf(name)
  return (printed) =>
    lines.every((line) => printed.includes(line)) ? new Map([['tests', between(printed, lines) === success]]) : null
}

const mlebench: Parser = (printed) => new Map([['tests', between(printed, linesOf('MLEBench')) === 'ALL TESTS PASSED']])

const swelancer: Parser = (printed) => {
  const said = printed.toLowerCase()
  const isDone = said.includes('user_tool') && said.includes('completed')
  return new Map([['tests', said.includes('swe lancer success') || (isDone && !said.includes('swe lancer failure'))]])
}

/** Terminal-Bench's parsers by their names in `task.yaml`. */
export const parsersOf: Readonly<Record<'pytest' | 'swebench' | 'swelancer' | 'mlebench' | 'sweperf', Parser>> = {
  pytest,
  mlebench,
  swelancer,
  swebench: saying('SWEBench', 'PASSED'),
  sweperf: saying('SWE-Perf', 'PASSED'),
}
