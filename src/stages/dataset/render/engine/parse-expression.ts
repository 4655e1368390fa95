import type { Arguments, Comparison, Expression, FilterExpression, Operator, SliceBounds } from './nodes.js'
import { JINJA_FILTERS, JINJA_TESTS } from './known-names.js'
import type { TokenStream } from './token-stream.js'

const COMPARISONS = new Set<string>(['==', '!=', '<', '<=', '>', '>='])
const CONSTANTS: ReadonlyMap<string, null | boolean> = new Map([
  ['true', true],
  ['True', true],
  ['false', false],
  ['False', false],
  ['none', null],
  ['None', null],
])

const NO_ARGUMENTS: Arguments = { positional: [], named: [], rest: null, namedRest: null }

/** An expression, or several with commas between as a tuple. */
export function parseTuple(
  stream: TokenStream,
  ends: readonly string[] = [],
  parse: (stream: TokenStream) => Expression = parseExpression,
): Expression {
  const items: Expression[] = []
  let isTuple = false
  while (!isTupleEnd(stream, ends)) {
    items.push(parse(stream))
    if (!stream.skipIf('operator', ',')) break
    isTuple = true
  }
  const [first] = items
  if (isTuple) return { kind: 'tuple', items }
  return first ?? (stream.is('operator', ')') ? { kind: 'tuple', items } : stream.fail('expected an expression'))
}

function isTupleEnd(stream: TokenStream, ends: readonly string[]): boolean {
  if (stream.is('end-print') || stream.is('end-block') || stream.is('operator', ')')) return true
  return ends.length > 0 && stream.is('name', ...ends)
}

/** An expression with jinja2's precedence: conditional, or, and, not, comparison, + -, ~, * / // %, **, sign, postfix, filter and test. */
export function parseExpression(stream: TokenStream): Expression {
  let value = parseOr(stream)
  while (stream.skipIf('name', 'if')) {
    const test = parseOr(stream)
    const otherwise = stream.skipIf('name', 'else') ? parseExpression(stream) : null
    value = { kind: 'conditional', test, then: value, otherwise }
  }
  return value
}

/** Without `x if y`: the `if` of a loop is the loop's own. */
export function parseOr(stream: TokenStream): Expression {
  let left = parseAnd(stream)
  while (stream.skipIf('name', 'or')) left = { kind: 'or', left, right: parseAnd(stream) }
  return left
}

function parseAnd(stream: TokenStream): Expression {
  let left = parseNot(stream)
  while (stream.skipIf('name', 'and')) left = { kind: 'and', left, right: parseNot(stream) }
  return left
}

function parseNot(stream: TokenStream): Expression {
  return stream.skipIf('name', 'not') ? { kind: 'not', operand: parseNot(stream) } : parseComparison(stream)
}

function parseComparison(stream: TokenStream): Expression {
  const first = parseSum(stream)
  const rest: Comparison[] = []
  for (;;) {
    const operator = comparisonAt(stream)
    if (operator === null) break
    rest.push({ operator, operand: parseSum(stream) })
  }
  return rest.length === 0 ? first : { kind: 'compare', first, rest }
}

function comparisonAt(stream: TokenStream): Comparison['operator'] | null {
  const { type, value } = stream.current
  if (type === 'operator' && COMPARISONS.has(value)) return stream.next().value as Comparison['operator']
  if (stream.skipIf('name', 'in')) return 'in'
  const next = stream.peek(1)
  if (!stream.is('name', 'not') || next.type !== 'name' || next.value !== 'in') return null
  stream.next()
  stream.next()
  return 'not in'
}

const parseSum = (stream: TokenStream): Expression => parseBinary(stream, ['+', '-'], parseConcat)
const parseProduct = (stream: TokenStream): Expression => parseBinary(stream, ['*', '/', '//', '%'], parsePower)
const parsePower = (stream: TokenStream): Expression => parseBinary(stream, ['**'], parseUnary)

function parseBinary(stream: TokenStream, operators: readonly Operator[], inner: typeof parseSum): Expression {
  let left = inner(stream)
  while (stream.is('operator', ...operators)) {
    const operator = stream.next().value as Operator
    left = { kind: 'binary', operator, left, right: inner(stream) }
  }
  return left
}

function parseConcat(stream: TokenStream): Expression {
  const first = parseProduct(stream)
  const items = [first]
  while (stream.skipIf('operator', '~')) items.push(parseProduct(stream))
  return items.length === 1 ? first : { kind: 'concat', items }
}

function parseUnary(stream: TokenStream): Expression {
  return parseFilters(stream, parseSigned(stream))
}

function parseSigned(stream: TokenStream): Expression {
  const signed = (kind: 'negative' | 'positive'): Expression => ({ kind, operand: parseSigned(stream) })
  if (stream.skipIf('operator', '-')) return parsePostfix(stream, signed('negative'))
  if (stream.skipIf('operator', '+')) return parsePostfix(stream, signed('positive'))
  return parsePostfix(stream, parsePrimary(stream))
}

function parsePrimary(stream: TokenStream): Expression {
  const token = stream.next()
  if (token.type === 'name') return nameOrConstant(stream, token.value)
  if (token.type === 'integer' || token.type === 'float') return { kind: 'constant', value: token.value }
  if (token.type === 'string') {
    let { value } = token
    while (stream.is('string')) value += String(stream.next().value)
    return { kind: 'constant', value }
  }
  if (token.type === 'operator' && token.value === '(') {
    const inner = parseTuple(stream)
    stream.expect('operator', ')')
    return inner
  }
  if (token.type === 'operator' && token.value === '[') {
    return { kind: 'list', items: parseItems(stream, ']', parseExpression) }
  }
  if (token.type === 'operator' && token.value === '{') {
    return { kind: 'dict', pairs: parseItems(stream, '}', parsePair) }
  }
  return stream.fail('unexpected token before the one')
}

function nameOrConstant(stream: TokenStream, name: string): Expression {
  const constant = CONSTANTS.get(name)
  if (constant !== undefined) return { kind: 'constant', value: constant }
  stream.noteRead(name)
  return { kind: 'name', name }
}

function parseItems<T>(stream: TokenStream, end: string, parse: (stream: TokenStream) => T): T[] {
  const items: T[] = []
  while (!stream.skipIf('operator', end)) {
    if (items.length > 0) {
      stream.expect('operator', ',')
      if (stream.skipIf('operator', end)) break
    }
    items.push(parse(stream))
  }
  return items
}

function parsePair(stream: TokenStream): readonly [Expression, Expression] {
  const key = parseExpression(stream)
  stream.expect('operator', ':')
  return [key, parseExpression(stream)]
}

function parsePostfix(stream: TokenStream, primary: Expression): Expression {
  let value = primary
  for (;;) {
    if (stream.skipIf('operator', '.')) value = parseDotted(stream, value)
    else if (stream.skipIf('operator', '[')) value = parseSubscript(stream, value)
    else if (stream.is('operator', '(')) value = { kind: 'call', callee: value, args: parseArguments(stream) }
    else return value
  }
}

function parseDotted(stream: TokenStream, object: Expression): Expression {
  const token = stream.next()
  if (token.type === 'name') return { kind: 'attribute', object, name: token.value }
  if (token.type !== 'integer') return stream.fail('expected a name or a number after the dot')
  return { kind: 'item', object, index: { kind: 'constant', value: token.value } }
}

function parseSubscript(stream: TokenStream, object: Expression): Expression {
  if (stream.is('operator', ']')) stream.fail('expected an index')
  const start = stream.is('operator', ':') ? null : parseExpression(stream)
  if (start !== null && stream.is('operator', ',')) {
    const items = [start]
    while (stream.skipIf('operator', ',')) items.push(parseExpression(stream))
    stream.expect('operator', ']')
    return { kind: 'item', object, index: { kind: 'tuple', items } }
  }
  if (start !== null && stream.skipIf('operator', ']')) return { kind: 'item', object, index: start }
  const bound = (): Expression | null =>
    stream.skipIf('operator', ':') && !stream.is('operator', ':', ']') ? parseExpression(stream) : null
  const bounds: SliceBounds = { start, stop: bound(), step: bound() }
  stream.expect('operator', ']')
  return { kind: 'slice', object, bounds }
}

function parseArguments(stream: TokenStream): Arguments {
  stream.expect('operator', '(')
  const positional: Expression[] = []
  const named: (readonly [string, Expression])[] = []
  let rest: Expression | null = null
  let namedRest: Expression | null = null
  const require = (fits: boolean): void => (fits ? undefined : stream.fail('arguments in no valid order'))
  parseItems(stream, ')', () => {
    const next = stream.peek(1)
    require(namedRest === null)
    if (stream.skipIf('operator', '*')) {
      require(rest === null)
      rest = parseExpression(stream)
    } else if (stream.skipIf('operator', '**')) {
      namedRest = parseExpression(stream)
    } else if (stream.is('name') && next.type === 'operator' && next.value === '=') {
      const name = String(stream.next().value)
      stream.next()
      require(named.every(([other]) => other !== name))
      named.push([name, parseExpression(stream)])
    } else {
      require(rest === null && named.length === 0)
      positional.push(parseExpression(stream))
    }
  })
  return { positional, named, rest, namedRest }
}

function parseFilters(stream: TokenStream, input: Expression): Expression {
  let value = input
  for (;;) {
    if (stream.is('operator', '|')) value = parseFilter(stream, value)
    else if (stream.skipIf('name', 'is')) value = parseTest(stream, value)
    else if (stream.is('operator', '(')) value = { kind: 'call', callee: value, args: parseArguments(stream) }
    else return value
  }
}

function parseFilter(stream: TokenStream, input: Expression | null): FilterExpression {
  stream.expect('operator', '|')
  return namedFilter(stream, input)
}

function namedFilter(stream: TokenStream, input: Expression | null): FilterExpression {
  const name = String(stream.expect('name').value)
  if (!JINJA_FILTERS.has(name)) stream.fail(`Jinja has no filter ${name}`)
  const args = stream.is('operator', '(') ? parseArguments(stream) : NO_ARGUMENTS
  return { kind: 'filter', input, name, args }
}

/** `trim | upper` of `{% filter trim | upper %}`, whose input is the block's text. */
export function parseFilterChain(stream: TokenStream): FilterExpression {
  let filter = namedFilter(stream, null)
  while (stream.is('operator', '|')) filter = parseFilter(stream, filter)
  return filter
}

function parseTest(stream: TokenStream, input: Expression): Expression {
  const negated = stream.skipIf('name', 'not')
  const name = String(stream.expect('name').value)
  if (!JINJA_TESTS.has(name)) stream.fail(`Jinja has no test ${name}`)
  const test: Expression = { kind: 'test', input, name, args: testArguments(stream) }
  return negated ? { kind: 'not', operand: test } : test
}

function testArguments(stream: TokenStream): Arguments {
  if (stream.is('operator', '(')) return parseArguments(stream)
  if (stream.is('name', 'is')) stream.fail('tests cannot be chained with is')
  const literal = ['string', 'integer', 'float'] as const
  const begins =
    literal.some((type) => stream.is(type)) ||
    stream.is('operator', '[', '{') ||
    (stream.is('name') && !stream.is('name', 'else', 'or', 'and'))
  if (!begins) return NO_ARGUMENTS
  return { ...NO_ARGUMENTS, positional: [parsePostfix(stream, parsePrimary(stream))] }
}
