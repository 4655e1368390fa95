import { EngineError, raise, unsure } from './errors.js'
import { argumentsOf, call, evaluate, filterBlock } from './evaluate.js'
import { macroFunction } from './macro.js'
import type { Callable, ForStatement, Statement, Target } from './nodes.js'
import { str } from './print.js'
import type { Scope } from './scope.js'
import { isTrue, itemsOf, PyLoop, PyNamespace, type Value } from './values.js'

/** How a body ended: at its end, or at a tag that leaves the round of a loop. */
type Ending = 'end' | 'break' | 'continue'
type Body = readonly Statement[]

/** Statements and rounds of loops that one rendering may run, and characters that it may print: a template is read from a model that may be hostile. */
const MOST_STEPS = 10_000_000
const MOST_CHARACTERS = 200_000_000

/** One rendering of a template. */
export class Execution {
  private steps = 0
  private characters = 0

  /** What the body prints. */
  print(body: Body, scope: Scope): string {
    const output: string[] = []
    this.run(body, scope, output)
    return output.join('')
  }

  private run(body: Body, scope: Scope, output: string[]): Ending {
    for (const statement of body) {
      const ending = this.runOne(statement, scope, output)
      if (ending !== 'end') return ending
    }
    return 'end'
  }

  private runOne(statement: Statement, scope: Scope, output: string[]): Ending {
    this.count()
    try {
      return this.dispatch(statement, scope, output)
    } catch (error) {
      if (error instanceof EngineError && error.line === undefined) {
        throw new EngineError(error.code, error.message, statement.line)
      }
      throw error
    }
  }

  private dispatch(statement: Statement, scope: Scope, output: string[]): Ending {
    switch (statement.kind) {
      case 'text':
        this.write(statement.text, output)
        return 'end'
      case 'print':
        this.write(str(evaluate(statement.value, scope)), output)
        return 'end'
      case 'if':
        return this.run(this.chosen(statement, scope), scope, output)
      case 'for':
        return this.loop(statement, scope, output)
      case 'set':
        assign(statement.target, evaluate(statement.value, scope), scope)
        return 'end'
      case 'set-block': {
        const text = this.print(statement.body, scope.inner())
        const value = statement.filter === null ? text : filterBlock(statement.filter, text, scope)
        assign(statement.target, value, scope)
        return 'end'
      }
      case 'macro':
        scope.set(statement.macro.name, this.asFunction(statement.macro, scope))
        return 'end'
      case 'call-block': {
        const callee = evaluate(statement.call.callee, scope)
        const { positional, named } = argumentsOf(statement.call.args, scope)
        const caller = this.asFunction(statement.caller, scope)
        this.write(str(call(callee, { positional, named: new Map([...named, ['caller', caller]]) })), output)
        return 'end'
      }
      case 'filter-block': {
        const text = this.print(statement.body, scope.inner())
        this.write(str(filterBlock(statement.filter, text, scope)), output)
        return 'end'
      }
      case 'with': {
        const inner = scope.inner()
        const values = statement.bindings.map(([, value]) => evaluate(value, scope))
        for (const [index, [target]] of statement.bindings.entries()) assign(target, values[index] ?? null, inner)
        return this.run(statement.body, inner, output)
      }
      case 'generation':
        this.write(this.print(statement.body, scope.inner()), output)
        return 'end'
      case 'break':
      case 'continue':
        return statement.kind
    }
  }

  private count(): void {
    this.steps += 1
    if (this.steps > MOST_STEPS) unsure('a template that does not come to an end')
  }

  private write(text: string, output: string[]): void {
    this.characters += text.length
    if (this.characters > MOST_CHARACTERS) unsure('a template that prints without end')
    output.push(text)
  }

  private asFunction(macro: Callable, scope: Scope): ReturnType<typeof macroFunction> {
    return macroFunction(macro, scope, (inner) => this.print(macro.body, inner))
  }

  private chosen(statement: Statement & { kind: 'if' }, scope: Scope): Body {
    for (const { test, body } of statement.branches) if (isTrue(evaluate(test, scope))) return body
    return statement.otherwise
  }

  /** Each round sees names of its own. Jinja runs the else part also where every round left by `continue` or the first by `break`. */
  private loop(node: ForStatement, scope: Scope, output: string[]): Ending {
    const items = itemsOf(evaluate(node.iterable, scope)).filter((item) => this.isWanted(item, node, scope))
    const memory = { changed: null }
    let finished = false
    for (const [index, item] of items.entries()) {
      this.count()
      const round = scope.inner()
      round.set('loop', new PyLoop(items, index, memory))
      assign(node.target, item, round)
      const ending = this.run(node.body, round, output)
      if (ending === 'break') break
      finished ||= ending === 'end'
    }
    return finished ? 'end' : this.run(node.otherwise, scope.inner(), output)
  }

  private isWanted(item: Value, { condition, target }: ForStatement, scope: Scope): boolean {
    if (condition === null) return true
    const inner = scope.inner()
    assign(target, item, inner)
    return isTrue(evaluate(condition, inner))
  }
}

function assign(target: Target, value: Value, scope: Scope): void {
  if (target.kind === 'name') scope.set(target.name, value)
  else if (target.kind === 'field') assignField(target.object, target.name, value, scope)
  else {
    const items = itemsOf(value)
    if (items.length !== target.targets.length) raise(`${items.length} values for ${target.targets.length} names`)
    for (const [index, each] of target.targets.entries()) assign(each, items[index] ?? null, scope)
  }
}

function assignField(object: string, name: string, value: Value, scope: Scope): void {
  const namespace = scope.get(object)
  if (!(namespace instanceof PyNamespace)) return raise('cannot assign attribute on non-namespace object')
  if (name.startsWith('_')) raise(`a namespace takes no name that begins with an underscore: ${name}`)
  namespace.names.set(name, value)
}
