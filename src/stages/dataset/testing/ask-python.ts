import { execa } from 'execa'
import { interpreterIn, pythonForTests } from './oracle.js'

/**
 * Runs a script with its arguments in the tests' Python: a value of JSON a line goes in, and one comes out. To import transformers takes
 * longer than most questions, so a file that has many asks them in one run.
 */
export async function askPython(
  command: readonly string[],
  lines: readonly unknown[],
  variables: Readonly<Record<string, string>> = {},
): Promise<readonly unknown[]> {
  const { stdout } = await execa(interpreterIn(pythonForTests ?? ''), command, {
    input: lines.map((each) => `${JSON.stringify(each)}\n`).join(''),
    maxBuffer: 1 << 30,
    env: { PYTHONUTF8: '1', TRANSFORMERS_VERBOSITY: 'error', ...variables },
    stderr: 'inherit',
    stripFinalNewline: false,
  })
  return stdout
    .split('\n')
    .slice(0, -1)
    .map((line): unknown => JSON.parse(line))
}
