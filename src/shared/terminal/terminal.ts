import readline from 'node:readline'
import { done, failed, type Failure, type Result } from '../../nouns/index.js'

/** Where a person is asked. Lines are shown as they are: give it only what holds no control characters. */
export interface Terminal {
  show(text: string): void
  /** The line that the person typed; the terminal's `stopped` failure where the input ended or the work was interrupted. */
  ask(question: string, signal?: AbortSignal): Promise<Result<string>>
}

export const terminalOn = (
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream,
  stopped: Failure,
): Terminal => ({
  show: (text) => void output.write(`${text}\n`),
  ask: (question, signal) => askOn({ input, output, stopped }, question, signal),
})

interface Place {
  readonly input: NodeJS.ReadableStream
  readonly output: NodeJS.WritableStream
  readonly stopped: Failure
}

function askOn(
  { input, output, stopped }: Place,
  question: string,
  signal: AbortSignal | undefined,
): Promise<Result<string>> {
  return new Promise((resolve) => {
    const lines = readline.createInterface({ input, output })
    const finish = (result: Result<string>): void => {
      resolve(result)
      lines.close()
    }
    // Ctrl-C reaches only the line editor; the command's own handler decides what it means.
    lines.on('SIGINT', () => void process.kill(process.pid, 'SIGINT'))
    lines.on('close', () => finish(failed(stopped)))
    if (signal?.aborted === true) {
      finish(failed(stopped))
      return
    }
    signal?.addEventListener('abort', () => finish(failed(stopped)), { once: true })
    lines.question(question, (line) => finish(done(line)))
  })
}
