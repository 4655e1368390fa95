import readline from 'node:readline'
import { done, failed, type Failure, type Result } from '../../../nouns/index.js'

/** Where a person is asked. Lines are shown as they are: give it only what holds no control characters. */
export interface Terminal {
  show(text: string): void
  /** The line that the person typed; `judge.stopped` where the input ended or the work was interrupted. */
  ask(question: string, signal?: AbortSignal): Promise<Result<string>>
}

/** This process's terminal, questions on stderr so that stdout holds the answer alone; `judge.no-terminal` where nobody could answer. */
export function openTerminal(): Result<Terminal> {
  if (!process.stdin.isTTY) {
    return failed({
      kind: 'input',
      code: 'judge.no-terminal',
      message: 'a person is to judge, and standard input is no terminal: nobody can be asked',
      where: '--judge human',
      remedy: 'run it in a terminal, or name a model as the judge: --judge MODEL',
    })
  }
  return done(terminalOn(process.stdin, process.stderr))
}

export const terminalOn = (input: NodeJS.ReadableStream, output: NodeJS.WritableStream): Terminal => ({
  show: (text) => void output.write(`${text}\n`),
  ask: (question, signal) => askOn(input, output, question, signal),
})

function askOn(
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream,
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
    lines.on('close', () => finish(failed(STOPPED)))
    if (signal?.aborted === true) {
      finish(failed(STOPPED))
      return
    }
    signal?.addEventListener('abort', () => finish(failed(STOPPED)), { once: true })
    lines.question(question, (line) => finish(done(line)))
  })
}

const STOPPED: Failure = {
  kind: 'interrupted',
  code: 'judge.stopped',
  message: 'the person stopped judging',
  remedy: 'run the same command again: what was judged is kept',
}
