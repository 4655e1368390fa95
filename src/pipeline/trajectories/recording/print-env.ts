import type { Launch } from '../../../shared/agents/index.js'

/** What a program started elsewhere needs, as lines for a shell. */
export function shellText({ env, args, programs }: Launch & { readonly programs: readonly string[] }): string {
  const lines = Object.entries(env).map(([name, value]) =>
    value === undefined ? `unset ${name}` : `export ${name}=${quoted(value)}`,
  )
  const started =
    args.length === 0 ? [] : [`# start it so: ${[programs[0] ?? 'PROGRAM', ...args.map(quoted)].join(' ')}`]
  return `${[...lines, ...started, '# recording until Ctrl-C'].join('\n')}\n`
}

const quoted = (text: string): string => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`)
