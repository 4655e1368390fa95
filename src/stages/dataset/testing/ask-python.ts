import { execFileSync } from 'node:child_process'
import { interpreterIn, pythonForTests } from './oracle.js'

/** Runs a script with its arguments in the tests' Python: a value of JSON a line goes in, and one comes out. */
export function askPython(
  command: readonly string[],
  lines: readonly unknown[],
  variables: Readonly<Record<string, string>> = {},
): readonly unknown[] {
  const printed = execFileSync(interpreterIn(pythonForTests ?? ''), [...command], {
    input: lines.map((each) => `${JSON.stringify(each)}\n`).join(''),
    encoding: 'utf8',
    maxBuffer: 1 << 30,
    env: { ...process.env, PYTHONUTF8: '1', TRANSFORMERS_VERBOSITY: 'error', ...variables },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  return printed
    .split('\n')
    .slice(0, -1)
    .map((line): unknown => JSON.parse(line))
}
