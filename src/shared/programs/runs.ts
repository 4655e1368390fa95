import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { endingOf, tailOf } from './ending.js'
import type { Conversation, Recording } from './recorded.js'
import type { ProgramSetting } from './setting.js'

type Words = readonly [string, ...string[]]

/** A conversation of which each round is a run of the program; what the person says goes to its standard input. */
export function runsOf(
  { maxSeconds, context, spawn }: ProgramSetting,
  { first, again }: { readonly first: Words; readonly again: Words },
  spec: Recording['spec'],
): Conversation {
  return {
    async send(text, round) {
      const running = await spawn({
        ...spec,
        command: round === 1 ? first : again,
        env: { ...spec.env, LIMI_ROUND: String(round) },
        timeoutMs: maxSeconds * 1000,
      })
      // A program may end without having read what it was told.
      running.stdin.on('error', () => undefined)
      running.stdin.end(text)
      const [out, err, end] = await Promise.all([tailOf(running.stdout), tailOf(running.stderr), running.ended])
      if (context.evidence !== undefined)
        await writeFile(path.join(context.evidence, `round-${round}.log`), `${out}\n--- stderr\n${err}\n`)
      return endingOf(end, err === '' ? out : err)
    },
    close: () => Promise.resolve(),
  }
}
