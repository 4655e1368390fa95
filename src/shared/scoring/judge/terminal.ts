import { done, failed, type Failure, type Result } from '../../../nouns/index.js'
import { terminalOn, type Terminal } from '../../terminal/index.js'

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
  return done(terminalOn(process.stdin, process.stderr, STOPPED))
}

export const STOPPED: Failure = {
  kind: 'interrupted',
  code: 'judge.stopped',
  message: 'the person stopped judging',
  remedy: 'run the same command again: what was judged is kept',
}
