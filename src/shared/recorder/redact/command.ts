import { isKeyName, REDACTED } from './names.js'
import { worthCutting } from './secrets.js'

/** A command without the keys given in it: `--api-key KEY`, `--token=KEY`, `NAME_KEY=KEY`. */
export function redactCommand(command: readonly string[]): readonly string[] {
  return command.map((word, at) => {
    const option = /^-{1,2}([\w-]+)$/.exec(command[at - 1] ?? '')?.[1]
    if (option !== undefined && isKeyName(option) && !word.startsWith('-')) return REDACTED
    const [, before = '', name = ''] = /^((?:-{1,2})?([\w.-]+)=)./s.exec(word) ?? []
    return name !== '' && isKeyName(name) ? `${before}${REDACTED}` : word
  })
}

/** The keys in an environment; what names a file is none. */
export const secretsOf = (env: Readonly<Record<string, string | undefined>>): readonly string[] =>
  Object.entries(env).flatMap(([name, value = '']) =>
    isKeyName(name) && !/^[/~]|\s/.test(value) ? worthCutting([value], 'key') : [],
  )
