import path from 'node:path'

interface Instruction {
  readonly name: string
  readonly words: string
}

/** What goes from the build's folder into an image. */
export interface Copied {
  readonly from: readonly string[]
  /** Absolute inside. */
  readonly to: string
}

/** What an image is like by its Dockerfile; what it inherits from an image that is not made here is not known. */
export interface ImageFacts {
  readonly user: string | null
  readonly workdir: string | null
  readonly hasEntrypoint: boolean
  /** Of all stages, as far as it is not taken away again. */
  readonly copied: readonly Copied[]
}

type Stage = Omit<ImageFacts, 'copied'>

const BARE: Stage = { user: null, workdir: null, hasEntrypoint: false }

/** Reads a Dockerfile (its reference: "Format", "Here-Documents"); null where it begins from no image. */
export function factsOf(dockerfile: string): ImageFacts | null {
  const stages = new Map<string, Stage>()
  let copied: readonly Copied[] = []
  let stage: Stage | null = null
  let name = ''
  for (const { name: instruction, words } of instructionsIn(dockerfile)) {
    if (instruction === 'FROM') {
      const [, base = '', as] = /^(?:--\S+\s+)*(\S+)(?:\s+as\s+(\S+))?/i.exec(words) ?? []
      stage = stages.get(base.toLowerCase()) ?? BARE
      name = (as ?? '').toLowerCase()
    } else if (stage !== null) {
      if (instruction === 'COPY' || instruction === 'ADD')
        copied = [...copied, ...copiedBy(words, stage.workdir ?? '/')]
      if (instruction === 'RUN') copied = copied.filter(({ to }) => !removes(words, to))
      stage = after(stage, instruction, words)
    }
    if (stage !== null) stages.set(name, stage)
  }
  return stage === null ? null : { ...stage, copied }
}

function after(stage: Stage, instruction: string, words: string): Stage {
  if (instruction === 'USER') return { ...stage, user: unquoted(words) }
  if (instruction === 'WORKDIR') return { ...stage, workdir: path.posix.resolve(stage.workdir ?? '/', unquoted(words)) }
  if (instruction === 'ENTRYPOINT') return { ...stage, hasEntrypoint: words.replace(/\s/g, '') !== '[]' }
  return stage
}

function copiedBy(words: string, workdir: string): Copied[] {
  const flags = /^(?:--\S+\s+)*/.exec(words)?.[0] ?? ''
  if (/--from=/.test(flags)) return []
  const all = listIn(words.slice(flags.length).trim())
  const to = all.at(-1)
  return to === undefined || all.length < 2 ? [] : [{ from: all.slice(0, -1), to: path.posix.resolve(workdir, to) }]
}

/** Whether a command takes a place away, by its own name or with what lies around it. */
function removes(words: string, place: string): boolean {
  const removed = [...words.matchAll(/\brm\s+([^;&|]*)/g)].flatMap(([, rest]) => listIn(rest ?? ''))
  return removed.some((name) => {
    const whole = name.replace(/\/\*?$/, '')
    return whole.startsWith('/') && (place === whole || place.startsWith(`${whole}/`))
  })
}

function listIn(words: string): readonly string[] {
  try {
    const list = JSON.parse(words) as unknown
    if (Array.isArray(list)) return list.map(String)
  } catch {
    // The plain form.
  }
  return (words.match(/"[^"]*"|'[^']*'|\S+/g) ?? []).map(unquoted)
}

const unquoted = (text: string): string => text.trim().replace(/^(["'])(.*)\1$/, '$2')

function* instructionsIn(text: string): Generator<Instruction> {
  const lines = text.split(/\r?\n/)
  for (let at = 0; at < lines.length; at += 1) {
    let last = lines[at]?.trim() ?? ''
    if (last === '' || last.startsWith('#')) continue
    const parts = [last]
    while (last.endsWith('\\') && at + 1 < lines.length) {
      at += 1
      const next = lines[at]?.trim() ?? ''
      if (next === '' || next.startsWith('#')) continue
      parts.push((last = next))
    }
    const line = parts.map((part) => (part.endsWith('\\') ? part.slice(0, -1) : part)).join(' ')
    const [, name = '', words = ''] = /^(\w+)\s*([^]*)$/.exec(line) ?? []
    for (const end of endsOfDocuments(name.toUpperCase(), words)) {
      do at += 1
      while (at < lines.length && lines[at]?.trim() !== end)
    }
    yield { name: name.toUpperCase(), words: words.trim() }
  }
}

/** The lines that end the here-documents of an instruction. */
const endsOfDocuments = (name: string, words: string): readonly string[] =>
  ['RUN', 'COPY', 'ADD'].includes(name)
    ? [...words.matchAll(/<<-?\s*(["']?)(\w+)\1/g)].flatMap(([, , end]) => end ?? [])
    : []
