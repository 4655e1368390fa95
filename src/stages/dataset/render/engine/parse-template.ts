import { tokenise } from './lexer.js'
import type { Branch, Callable, Parameter, Statement, Target } from './nodes.js'
import { parseExpression, parseFilterChain, parseOr, parseTuple } from './parse-expression.js'
import { TokenStream } from './token-stream.js'

type Body = readonly Statement[]

/** Reads a chat template; throws `template.unreadable` with the line. */
export function parseTemplate(source: string): Body {
  return new TemplateParser(new TokenStream(tokenise(source))).parse()
}

class TemplateParser {
  /** Loops around the statement being read, within its macro: `break` needs one. */
  private loops = 0

  constructor(private readonly stream: TokenStream) {}

  parse(): Body {
    const body = this.parseUntil([])
    return this.stream.is('end') ? body : this.stream.fail('unexpected token')
  }

  /** Statements up to a tag with one of these names; that name is the current token then. */
  private parseUntil(ends: readonly string[]): Body {
    const body: Statement[] = []
    while (!this.stream.is('end')) {
      const { line } = this.stream
      const token = this.stream.next()
      if (token.type === 'text') body.push({ kind: 'text', text: token.value, line })
      else if (token.type === 'begin-print') body.push(this.parsePrint(line))
      else if (this.stream.is('name', ...ends) && ends.length > 0) return body
      else {
        body.push(this.parseTag(line))
        this.stream.expect('end-block')
      }
    }
    return ends.length === 0 ? body : this.stream.fail(`expected ${ends.join(' or ')}`)
  }

  private parsePrint(line: number): Statement {
    const value = parseTuple(this.stream)
    this.stream.expect('end-print')
    return { kind: 'print', value, line }
  }

  /** The body of a tag, after the tag's own end. */
  private parseBody(...ends: readonly string[]): Body {
    this.stream.skipIf('operator', ':')
    this.stream.expect('end-block')
    return this.parseUntil(ends)
  }

  private parseWholeBody(end: string): Body {
    const body = this.parseBody(end)
    this.stream.expect('name', end)
    return body
  }

  private parseTag(line: number): Statement {
    const name = String(this.stream.expect('name').value)
    switch (name) {
      case 'if':
        return this.parseIf(line)
      case 'for':
        return this.parseFor(line)
      case 'set':
        return this.parseSet(line)
      case 'macro':
        return { kind: 'macro', line, macro: this.parseMacro() }
      case 'call':
        return this.parseCallBlock(line)
      case 'filter':
        return {
          kind: 'filter-block',
          line,
          filter: parseFilterChain(this.stream),
          body: this.parseWholeBody('endfilter'),
        }
      case 'with':
        return this.parseWith(line)
      case 'generation':
        return { kind: 'generation', line, body: this.outsideLoops(() => this.parseWholeBody('endgeneration')) }
      case 'break':
      case 'continue':
        return this.loops > 0 ? { kind: name, line } : this.stream.fail(`${name} outside a loop`)
      default:
        return this.stream.fail(`the tag ${name} is not read here`)
    }
  }

  private parseIf(line: number): Statement {
    const branches: Branch[] = []
    let otherwise: Body = []
    for (;;) {
      const test = parseTuple(this.stream, [], parseOr)
      branches.push({ test, body: this.parseBody('elif', 'else', 'endif') })
      if (this.stream.skipIf('name', 'elif')) continue
      if (this.stream.skipIf('name', 'else')) otherwise = this.parseWholeBody('endif')
      else this.stream.expect('name', 'endif')
      return { kind: 'if', branches, otherwise, line }
    }
  }

  private parseFor(line: number): Statement {
    const target = this.parseTarget('in')
    this.stream.expect('name', 'in')
    const iterable = parseTuple(this.stream, ['recursive'], parseOr)
    const condition = this.stream.skipIf('name', 'if') ? parseExpression(this.stream) : null
    if (this.stream.is('name', 'recursive')) this.stream.fail('recursive loops are not read here')
    this.loops += 1
    const body = this.parseBody('endfor', 'else')
    this.loops -= 1
    const hasElse = this.stream.skipIf('name', 'else')
    const otherwise = hasElse ? this.parseWholeBody('endfor') : []
    if (!hasElse) this.stream.expect('name', 'endfor')
    return { kind: 'for', target, iterable, condition, body, otherwise, line }
  }

  private parseSet(line: number): Statement {
    const target = this.parseTarget()
    if (this.stream.skipIf('operator', '=')) return { kind: 'set', target, value: parseTuple(this.stream), line }
    const filter = this.stream.skipIf('operator', '|') ? parseFilterChain(this.stream) : null
    return { kind: 'set-block', target, filter, body: this.parseWholeBody('endset'), line }
  }

  private parseTarget(end?: string): Target {
    const targets = [this.parseOneTarget()]
    let several = false
    while (this.stream.skipIf('operator', ',')) {
      several = true
      if (this.stream.is('operator', '=') || (end !== undefined && this.stream.is('name', end))) break
      targets.push(this.parseOneTarget())
    }
    const [first] = targets
    return !several && first !== undefined ? first : { kind: 'several', targets }
  }

  private parseOneTarget(): Target {
    if (this.stream.skipIf('operator', '(')) {
      const inner = this.parseTarget()
      this.stream.expect('operator', ')')
      return inner
    }
    const name = this.stream.expectName()
    if (!this.stream.skipIf('operator', '.')) return { kind: 'name', name }
    this.stream.noteRead(name)
    return { kind: 'field', object: name, name: String(this.stream.expect('name').value) }
  }

  private parseMacro(): Callable {
    const name = this.stream.expectName()
    return this.parseCallable(name, this.parseParameters(), 'endmacro')
  }

  private parseCallBlock(line: number): Statement {
    const parameters = this.stream.is('operator', '(') ? this.parseParameters() : []
    const call = parseExpression(this.stream)
    if (call.kind !== 'call') return this.stream.fail('expected a call')
    return { kind: 'call-block', line, call, caller: this.parseCallable('caller', parameters, 'endcall') }
  }

  private parseCallable(name: string, parameters: readonly Parameter[], end: string): Callable {
    const { parsed: body, reads } = this.stream.readsOf(() => this.outsideLoops(() => this.parseWholeBody(end)))
    return { name, parameters, body, reads }
  }

  private outsideLoops<T>(parse: () => T): T {
    const { loops } = this
    this.loops = 0
    const parsed = parse()
    this.loops = loops
    return parsed
  }

  private parseParameters(): readonly Parameter[] {
    const parameters: Parameter[] = []
    this.stream.expect('operator', '(')
    while (!this.stream.skipIf('operator', ')')) {
      if (parameters.length > 0) this.stream.expect('operator', ',')
      const name = this.stream.expectName()
      const fallback = this.stream.skipIf('operator', '=') ? parseExpression(this.stream) : null
      if (fallback === null && parameters.at(-1)?.fallback) this.stream.fail('a default must not stand before none')
      parameters.push({ name, fallback })
    }
    return parameters
  }

  private parseWith(line: number): Statement {
    const bindings: [Target, ReturnType<typeof parseExpression>][] = []
    while (!this.stream.is('end-block')) {
      if (bindings.length > 0) this.stream.expect('operator', ',')
      const target = this.parseOneTarget()
      this.stream.expect('operator', '=')
      bindings.push([target, parseExpression(this.stream)])
    }
    return { kind: 'with', bindings, line, body: this.parseWholeBody('endwith') }
  }
}
