import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { habitsNamed } from '../../../src/shared/agents/index.js'
import { LOG_FILE, WireLog, type Piece, type TimedPiece } from '../../../src/shared/recorder/log/index.js'
import type { LogLine } from '../../../src/shared/recorder/log/entry.js'
import { cutBody, cutValue } from './body.js'
import { Ids } from './ids.js'
import { Words } from './words.js'

/** Of the headers, those by which calls are told apart. */
const KEPT =
  /^(?:content-type|originator|session[-_]id|thread[-_]id|conversation[-_]id|x-(?:claude-code|codex|openai|opencode|session|parent)-[\w-]+)$/i
const MACHINE = ['/tmp/', '/work/', '/home/', 'very-secret']

/** Writes a recording to another folder without what is the property of the agent's makers, and without what tells of the machine. */
export async function cutRecording(from: string, to: string, ours: readonly string[]): Promise<void> {
  const meta = JSON.parse(await readFile(path.join(from, 'meta.json'), 'utf8')) as Meta
  const manifest = JSON.parse(await readFile(path.join(from, 'manifest.json'), 'utf8')) as object
  const cutter = new Cutter(new Words(habitsNamed(meta.agent), ours), new Ids(), to)
  await rm(to, { recursive: true, force: true })
  await mkdir(to, { recursive: true })
  const lines = (await readFile(path.join(from, LOG_FILE), 'utf8')).trimEnd().split('\n')
  const log = new WireLog(to)
  for (const line of lines) cutter.take(JSON.parse(line) as LogLine, log)
  log.close()
  await writeFile(path.join(to, 'meta.json'), `${JSON.stringify(cutMeta(meta), null, 2)}\n`)
  await writeFile(path.join(to, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`)
  for (const name of [LOG_FILE, 'meta.json', 'manifest.json']) {
    const written = await readFile(path.join(to, name), 'utf8')
    for (const word of MACHINE) if (written.includes(word)) throw new Error(`${to}: ${word} is still in ${name}`)
  }
}

interface Meta {
  readonly agent: string
  readonly routes: Readonly<Record<string, string>>
  readonly started: string
  readonly header: { readonly extra?: object }
}

function cutMeta({ agent, started, header, routes }: Meta): object {
  const upstreams = plain(routes)
  const plainHeader = { ...plain(header), workspace: { folder: 'work' }, extra: { ...header.extra, upstreams } }
  return { agent, command: [agent], routes: upstreams, started, header: plainHeader }
}

/** Without ports, and the folder that a script lay in. */
const plain = <T extends object>(value: T): T =>
  JSON.parse(
    JSON.stringify(value)
      .replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:1')
      .replaceAll(/script:[^"]*\//g, 'script:'),
  ) as T

class Cutter {
  readonly #words: Words
  readonly #ids: Ids
  readonly #where: string
  readonly #blobs = new Map<number, Buffer>()

  constructor(words: Words, ids: Ids, where: string) {
    this.#words = words
    this.#ids = ids
    this.#where = where
  }

  take(line: LogLine, log: WireLog): void {
    switch (line.type) {
      case 'blob':
        this.#blobs.set(line.id, 'text' in line ? Buffer.from(line.text) : Buffer.from(line.base64, 'base64'))
        return
      case 'request':
        log.add({ ...line, url: this.#ids.neutral(line.url), headers: this.#headers(line.headers) })
        return
      case 'request-body':
        log.add({ ...line, body: log.piecesOf(Buffer.from(cutBody(this.#text(line.body), this.#words, this.#ids))) })
        return
      case 'response':
        log.add({ ...line, headers: this.#headers(line.headers) })
        return
      case 'chunks':
        // What was answered is the script's.
        log.add({ ...line, chunks: line.chunks.map(([ms, piece]): TimedPiece => [ms, this.#answer(piece)]) })
        return
      case 'note':
        return
      case 'end':
        log.add(line)
    }
  }

  #answer(piece: Piece): string {
    return this.#ids.neutral(this.#text([piece]))
  }

  #headers(headers: readonly (readonly [string, string])[]): [string, string][] {
    return headers
      .filter(([name]) => KEPT.test(name))
      .map(([name, value]) => [name, String(cutValue(value, this.#words, this.#ids))])
  }

  #text(pieces: readonly Piece[]): string {
    return Buffer.concat(pieces.flatMap((piece) => this.#bytes(piece))).toString('utf8')
  }

  #bytes(piece: Piece): Buffer[] {
    if (typeof piece === 'string') return [Buffer.from(piece)]
    if ('base64' in piece) return [Buffer.from(piece.base64, 'base64')]
    const [first, last] = piece
    return Array.from({ length: last - first + 1 }, (_, at) => {
      const blob = this.#blobs.get(first + at)
      if (blob === undefined) throw new Error(`${this.#where}: blob ${first + at} is not in the log`)
      return blob
    })
  }
}
