/** Whether a path fits a glob: `*` and `?` within a name, `**` over folders, `{a,b}` one of several. A glob without `/` fits names in any folder. */
export function globMatcher(glob: string): (path: string) => boolean {
  const whole = glob.includes('/') ? glob.replace(/^\.?\//u, '') : `**/${glob}`
  const pattern = new RegExp(`^${[...tokensOf(whole)].map(patternOf).join('')}$`, 'u')
  return (path) => pattern.test(path)
}

const tokensOf = (glob: string): Iterable<string> => glob.match(/\*\*\/|\*+|\?|\{[^{}]*\}|[^]/gu) ?? []

function patternOf(token: string): string {
  if (token === '**/') return '(?:[^/]+/)*'
  if (/^\*\*+$/u.test(token)) return '.*'
  if (token === '*') return '[^/]*'
  if (token === '?') return '[^/]'
  if (token.length > 2 && token.startsWith('{')) {
    const choices = token.slice(1, -1).split(',')
    return `(?:${choices.map((choice) => [...tokensOf(choice)].map(patternOf).join('')).join('|')})`
  }
  return token.replace(/[\\^$.*+?()[\]{}|/]/gu, '\\$&')
}
