import type { ServerResponse } from 'node:http'
import type { WireProblem } from '../../wire/index.js'

/** An error's document in the words of the path's dialect, or plain ones. */
export async function problemText(method: string, path: string, problem: WireProblem): Promise<string> {
  // Loaded where something went wrong: what is passed on needs no dialect.
  const { placeOf } = await import('../place.js')
  const place = placeOf(method, path)
  return JSON.stringify(place?.dialect.problem(problem) ?? { error: { message: problem.message, code: problem.code } })
}

export function answerJson(response: ServerResponse, status: number, text: string): void {
  const bytes = Buffer.from(text)
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': bytes.length })
  response.end(bytes)
}
