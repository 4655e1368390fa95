import { mkdtemp } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { expect, it } from 'vitest'
import { unwrap, type Trajectory } from '../../../../nouns/index.js'
import { buildDataset, checkDataset, openDatasetModel, readSamples } from '../../index.js'
import { tinyModel, trajectoryOf, type Turn } from '../../testing/oracle.js'

const TEMPLATE =
  "{% for m in messages %}({{ m['role'] }})\n{{ m['content'] }}{{ eos_token }}\n{% endfor %}{% if add_generation_prompt %}(assistant)\n{% endif %}"

/** This one names earlier turns otherwise once there is another question. */
const RENAMES = `{% set ns = namespace(last=0) %}{% for m in messages %}{% if m.role == 'user' %}{% set ns.last = loop.index %}{% endif %}{% endfor %}${TEMPLATE.replace(
  "{{ m['role'] }}",
  "{{ m['role'] }}{% if loop.index < ns.last %}, before{% endif %}",
)}`

const talk: readonly Turn[] = [
  { role: 'user', content: 'a' },
  { role: 'assistant', content: 'first <|im_end|> answer' },
  { role: 'user', content: 'b' },
  { role: 'assistant', content: 'second é answer' },
]

async function trainedBy(template: string, trajectory: Trajectory) {
  const root = await mkdtemp(path.join(os.tmpdir(), 'limi unknown '))
  const modelFolder = await tinyModel({ template })
  const options = {
    trajectories: [trajectory],
    modelFolder,
    modelName: 'dir:tiny',
    selection: { name: 'best', digest: 'abc' },
    name: 'd',
    folder: path.join(root, 'd'),
    maxTokens: 10_000,
  }
  const built = await buildDataset(options)
  if (!built.ok) return built.failure.message
  expect(built.value.manifest).toMatchObject({ proof: 'ok', template: 'unknown' })
  expect(unwrap(await checkDataset(options)).status).toBe('ok')
  const { tokeniser } = unwrap(await openDatasetModel(modelFolder))
  const samples = unwrap(await readSamples(options.folder))
  return tokeniser.decode(samples.map(({ labels }) => labels.filter((label) => label >= 0)))
}

it('a dataset by an unknown template has a proof that holds, and trains what was said through the stop token', async () => {
  expect(await trainedBy(TEMPLATE, trajectoryOf('t', talk))).toEqual([
    'first <|im_end|> answer<|im_end|>second é answer<|im_end|>',
  ])
})

it('what was cut by a limit trains without the stop token, which the template prints', async () => {
  const whole = trajectoryOf('t', talk)
  const [thread] = whole.threads
  const messages = thread!.messages.map((message, index) =>
    index === 3 ? { ...message, call: { model: 'm', params: {}, stop: 'length' as const } } : message,
  )
  expect(await trainedBy(TEMPLATE, { ...whole, threads: [{ id: 'main', messages }] })).toEqual([
    'first <|im_end|> answer<|im_end|>second é answer',
  ])
})

it('a template that rewrites history makes a sample of each state of it', async () => {
  const trained = await trainedBy(RENAMES, trajectoryOf('t', talk))
  expect(trained).toEqual(['first <|im_end|> answer<|im_end|>', 'second é answer<|im_end|>'])
})
