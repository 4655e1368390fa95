import { execFileSync, spawnSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FailureError } from '../../../nouns/index.js'
import { parsersOf } from './output.js'
import { verdictOf } from './verdict.js'

const python = process.env['LIMI_TEST_HARBOR']
const noHarbor = python === undefined ? ': skipped, set LIMI_TEST_HARBOR to a Python >= 3.12 with harbor' : ''

/** The package without what its first file imports, which parsers do not need. */
const STUB = `
import importlib.util, sys, types
found = importlib.util.find_spec("terminal_bench")
if found is None: sys.exit(3)
package = types.ModuleType("terminal_bench"); package.__path__ = list(found.submodule_search_locations); sys.modules["terminal_bench"] = package
`
const noParsers =
  noHarbor !== ''
    ? noHarbor
    : spawnSync(python ?? '', ['-c', STUB]).status === 0
      ? ''
      : ': skipped, LIMI_TEST_HARBOR has no terminal-bench (pip install --no-deps terminal-bench)'

function ask(code: string, given: unknown): unknown {
  const options = { input: JSON.stringify(given), encoding: 'utf8', maxBuffer: 1 << 28 } as const
  return JSON.parse(execFileSync(python ?? '', ['-c', code], options))
}

const REWARDS = `
import json, pathlib, sys, tempfile, types
from harbor.verifier.verifier import Verifier
folder = pathlib.Path(tempfile.mkdtemp())
verifier = Verifier.__new__(Verifier)
verifier.trial_paths = types.SimpleNamespace(reward_text_path=folder / "reward.txt", reward_json_path=folder / "reward.json")
said = []
for kind, text in json.load(sys.stdin):
    (folder / f"reward.{kind}").write_text(text)
    try:
        rewards = verifier._parse_reward_text() if kind == "txt" else verifier._parse_reward_json()
        said.append({key: float(value) for key, value in rewards.items()} if isinstance(rewards, dict) else None)
    except Exception as error:
        said.append(None)
print(json.dumps(said))
`

/** The reward that limi reads; a code where it cannot be one here. */
function rewardIn(kind: 'txt' | 'json', text: string): number | string {
  const left = { json: kind === 'json' ? text : null, text: kind === 'txt' ? text : null, printed: '', isWhole: true }
  try {
    return verdictOf('reward', left).reward
  } catch (error) {
    if (error instanceof FailureError) return error.failure.code
    throw error
  }
}

/** What limi makes of what Harbor reads: nothing counts as 0, one number or that named `reward` decides, from 0 to 1. */
function meant(rewards: Readonly<Record<string, number>> | null): number | string {
  if (rewards === null || Object.keys(rewards).length === 0) return 0
  const value = rewards['reward'] ?? (Object.keys(rewards).length === 1 ? Object.values(rewards)[0] : undefined)
  return value === undefined || value < 0 || value > 1 ? 'verifier.reward' : value
}

describe.skipIf(noHarbor !== '')(`rewards, as Harbor reads them${noHarbor}`, () => {
  test('are the same numbers', () => {
    const number = fc.oneof(
      fc.constantFrom(
        '1',
        '0',
        '0.5',
        ' 1\n',
        '1.0',
        '.5',
        '1.',
        '+1',
        '-1',
        '2',
        '1e-1',
        '1E0',
        '',
        ' ',
        'pass',
        '1 0',
        'NaN',
        'inf',
        '0x1',
        '1,0',
      ),
      fc.double({ noNaN: true }).map(String),
    )
    const value = fc.oneof(
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.boolean(),
      fc.constant(null),
      fc.string(),
      fc.integer(),
    )
    const object = fc.dictionary(fc.constantFrom('reward', 'style', 'speed'), value)
    const json = fc.oneof(
      object.map((one) => JSON.stringify(one)),
      fc.constantFrom('', '{}', '[1]', 'null', '{"reward": NaN}', '{"reward": 1e400}', '{'),
    )
    const given = [
      ...fc.sample(number, 300).map((text) => ['txt', text] as const),
      ...fc.sample(json, 500).map((text) => ['json', text] as const),
    ]
    const said = ask(REWARDS, given) as (Record<string, number> | null)[]
    expect(said.filter((one) => one !== null).length).toBeGreaterThan(100)
    expect(given.map(([kind, text]) => [kind, text, rewardIn(kind, text)])).toEqual(
      given.map(([kind, text], at) => [kind, text, meant(said[at] ?? null)]),
    )
  })
})

const PARSERS = `${STUB}
import json
from terminal_bench.parsers.parser_factory import ParserFactory, ParserName
said = []
for name, text in json.load(sys.stdin):
    try:
        found = ParserFactory.get_parser(ParserName(name)).parse(text)
        said.append([value.value == "passed" for value in found.values()] if name != "pytest" else {key: value.value == "passed" for key, value in found.items()})
    except ValueError:
        said.append(None)
print(json.dumps(said))
`

describe.skipIf(noParsers !== '')(`printed results, as Terminal-Bench reads them${noParsers}`, () => {
  test('pytest’s summary', () => {
    const word = fc.constantFrom(
      'PASSED',
      'FAILED',
      'ERROR',
      'XFAIL',
      'XPASS',
      'SKIPPED',
      'PASSED:',
      '::FAILED',
      'OTHER',
      '',
      ' PASSED',
    )
    const rest = fc.constantFrom(
      ' ../tests/a.py::test_a',
      ' a.py::b::c',
      ' a.py',
      '',
      ' a.py::t - why',
      ' a.py::t[x - y] - E - z',
      ' [1] a.py:3: reason',
    )
    const line = fc.tuple(word, rest).map((parts) => parts.join(''))
    const head = fc.constantFrom('=== short test summary info ===\n', '= Short Test Summary Info =\n', 'nothing\n', '')
    const text = fc
      .tuple(head, fc.array(line, { maxLength: 8 }), head)
      .map(([a, lines, b]) => `${a}${lines.join('\n')}\n${b}`)
    const given = fc.sample(text, 800).map((one) => ['pytest', one] as const)
    const said = ask(PARSERS, given) as (Record<string, boolean> | null)[]
    expect(said.filter((one) => one !== null && Object.keys(one).length > 1).length).toBeGreaterThan(100)
    const ours = given.map(([, one]) => parsersOf.pytest(one))
    expect(ours.map((one) => (one === null ? null : Object.fromEntries(one)))).toEqual(said)
  })

  test('the others’ words', () => {
    const piece = fc.constantFrom(
      ...['SWEBench', 'MLEBench', 'SWE-Perf'].flatMap((name) => [
        `${name} results starts here\n`,
        `\n${name} results ends here\n`,
      ]),
      ...[
        'PASSED',
        'FAILED',
        'ALL TESTS PASSED',
        'swe lancer SUCCESS',
        'SWE Lancer failure',
        'user_tool',
        'completed',
        ' ',
      ],
    )
    const text = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(''))
    const names = ['swebench', 'mlebench', 'sweperf', 'swelancer'] as const
    const marked = (['SWEBench', 'MLEBench', 'SWE-Perf'] as const).flatMap((name) =>
      ['PASSED', 'ALL TESTS PASSED', 'FAILED'].map(
        (said) => `x\n${name} results starts here\n${said}\n${name} results ends here\ny`,
      ),
    )
    const given = names.flatMap((name) => [...fc.sample(text, 200), ...marked].map((one) => [name, one] as const))
    const said = ask(PARSERS, given) as (boolean[] | null)[]
    const isSolved = (results: readonly boolean[] | null): boolean => results?.every(Boolean) ?? false
    const ours = given.map(([name, one]) => [...(parsersOf[name](one)?.values() ?? [false])])
    expect(said.filter(isSolved).length).toBeGreaterThan(5)
    expect(given.map((one, at) => [...one, isSolved(ours[at] ?? null)])).toEqual(
      given.map((one, at) => [...one, isSolved(said[at] ?? null)]),
    )
  })
})
