import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { AGENTS } from '../known-agents.js'
import * as script from '../script.js'
import { cutRecording } from './recording.js'
import { shapeOf } from './shape.js'

/** Cuts every recording under a folder, `<agent>/<kind>/`, into another one; each must be told as before. @returns what was written */
export async function cutRecordings(from: string, to: string): Promise<readonly string[]> {
  const written: string[] = []
  for (const agent of AGENTS) {
    const kinds = await readdir(path.join(from, agent.name)).catch(() => [])
    for (const kind of kinds) {
      const [source, target] = [from, to].map((folder) => path.join(folder, agent.name, kind)) as [string, string]
      await cutRecording(source, target, textsOf(agent))
      if (!isDeepStrictEqual(await shapeOf(source), await shapeOf(target)))
        throw new Error(`${target} is told otherwise than ${source}`)
      written.push(target)
    }
  }
  return written
}

/** Everything that the script says, and every value in its arguments. */
function textsOf(agent: (typeof AGENTS)[number]): readonly string[] {
  const prompts = Object.values(script).filter((value) => typeof value === 'string')
  const replies = script.scriptFor(agent).flatMap((entry) => entry.replies)
  const args = replies.flatMap(({ toolCalls = [] }) => toolCalls.map((call) => call.arguments))
  const texts = replies.flatMap(({ text = '', reasoning = '' }) => [text, reasoning])
  const all = [
    ...prompts,
    ...texts,
    ...texts.flatMap((text) => text.split(/<[^>]+>/)),
    ...args,
    ...args.flatMap(leaves),
  ]
  return [...new Set(all)].filter((text) => text.trim() !== '')
}

function leaves(text: string): string[] {
  const found: string[] = []
  JSON.parse(text, (_key, value: unknown) => {
    if (typeof value === 'string') found.push(value)
    return value
  })
  return found
}
