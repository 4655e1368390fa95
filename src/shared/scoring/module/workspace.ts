import { isUtf8 } from 'node:buffer'
import { done, failed, type Result } from '../../../nouns/index.js'
import type { Sandbox } from '../../sandboxes/index.js'
import { fault } from './process.js'
import type { ScoreRequest } from './protocol.js'

/** As much as the virtual sandbox holds: an agent cannot leave more there and so escape its score. */
const MAX_BYTES = 64 << 20

/** All files of a workspace for a module's scorer. */
export async function filesOf(
  sandbox: Sandbox,
  module: string,
): Promise<Result<Pick<ScoreRequest, 'files' | 'binaries'>>> {
  const files: [string, string][] = []
  const binaries: [string, string][] = []
  let bytes = 0
  for (const name of await sandbox.files()) {
    const content = await sandbox.read(name)
    bytes += content?.length ?? 0
    if (bytes > MAX_BYTES)
      return failed(fault('scorer.workspace', `the workspace has more than ${MAX_BYTES} bytes`, module))
    if (content === null) continue
    if (isUtf8(content)) files.push([name, new TextDecoder('utf-8', { ignoreBOM: true }).decode(content)])
    else binaries.push([name, Buffer.from(content).toString('base64')])
  }
  return done({ files, binaries })
}
