import type { IncomingMessage } from 'node:http'
import { done, failed, type Result } from '../../../../nouns/index.js'
import { readJson } from '../../../json/index.js'
import type { ModelRequest } from '../../../models/index.js'
import { modelRequest, tooLarge, type WireProblem, type WireRequest } from '../../../wire/index.js'
import { decode } from '../../decode.js'
import type { Place } from '../../place.js'

const LARGEST = 128 << 20

/** A request to a model, as it is asked for. */
export interface Asked {
  readonly wire: WireRequest
  readonly request: ModelRequest
  /** What the model does not follow. */
  readonly warnings: readonly string[]
}

/** The body of a request whose every byte is told; a problem where it is too long or cannot be read. */
export async function bodyOf(
  request: IncomingMessage,
  told: (bytes: Buffer) => void,
): Promise<{ text: string } | WireProblem> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    told(chunk)
    length += chunk.length
    if (length <= LARGEST) chunks.push(chunk)
  }
  if (length > LARGEST) return tooLarge(LARGEST)
  const encoding = request.headers['content-encoding'] ?? ''
  const decoded = decode(Buffer.concat(chunks), encoding)
  if (decoded !== null) return { text: decoded.toString('utf8') }
  return {
    status: 415,
    code: 'unsupported_encoding',
    message: `A body compressed with ${encoding} cannot be read here.`,
  }
}

/** What a body asks of a model. Failure: that of the dialect, with the parameter's place. */
export function askedIn(text: string, { dialect, operation }: Place): Result<Asked> {
  const body = readJson(text)
  if (body === null) return failed({ kind: 'input', code: 'invalid_json', message: 'The request is not JSON.' })
  const wire = dialect.readRequest(operation, body.value)
  if (!wire.ok) return wire
  return done({
    wire: wire.value,
    request: modelRequest(dialect, wire.value),
    warnings: dialect.unfollowed(wire.value),
  })
}
