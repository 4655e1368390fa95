import { attributeOf, itemOf, sliceOf } from './attributes.js'
import { asPositive, calculate, negate } from './arithmetic.js'
import { applyTest } from './checks.js'
import { contains, equals, order } from './compare.js'
import { raise, unsure } from './errors.js'
import { applyFilter } from './filters/index.js'
import type { Arguments, Comparison, Expression, FilterExpression } from './nodes.js'
import { str } from './print.js'
import type { Scope } from './scope.js'
import {
  isTrue,
  itemsOf,
  PyDict,
  PyFunction,
  PyTuple,
  PyUndefined,
  typeName,
  type CallArguments,
  type Key,
  type Value,
} from './values.js'

/** The value of an expression where these names are seen. */
export function evaluate(node: Expression, scope: Scope): Value {
  switch (node.kind) {
    case 'constant':
      return node.value
    case 'name': {
      const value = scope.get(node.name)
      return value === undefined ? new PyUndefined(`'${node.name}' is undefined`) : value
    }
    case 'attribute':
      return attributeOf(evaluate(node.object, scope), node.name)
    case 'item':
      return itemOf(evaluate(node.object, scope), evaluate(node.index, scope))
    case 'slice': {
      const bound = (each: Expression | null): Value => (each === null ? null : evaluate(each, scope))
      const { start, stop, step } = node.bounds
      return sliceOf(evaluate(node.object, scope), bound(start), bound(stop), bound(step))
    }
    case 'call':
      return call(evaluate(node.callee, scope), argumentsOf(node.args, scope))
    case 'filter':
      return filter(node, node.input === null ? '' : evaluate(node.input, scope), scope)
    case 'test':
      return applyTest(node.name, evaluate(node.input, scope), argumentsOf(node.args, scope))
    case 'not':
      return !isTrue(evaluate(node.operand, scope))
    case 'negative':
      return negate(evaluate(node.operand, scope))
    case 'positive':
      return asPositive(evaluate(node.operand, scope))
    case 'and': {
      const left = evaluate(node.left, scope)
      return isTrue(left) ? evaluate(node.right, scope) : left
    }
    case 'or': {
      const left = evaluate(node.left, scope)
      return isTrue(left) ? left : evaluate(node.right, scope)
    }
    case 'binary':
      return calculate(node.operator, evaluate(node.left, scope), evaluate(node.right, scope))
    case 'compare':
      return compare(evaluate(node.first, scope), node.rest, scope)
    case 'concat':
      return node.items.map((item) => str(evaluate(item, scope))).join('')
    case 'conditional': {
      if (isTrue(evaluate(node.test, scope))) return evaluate(node.then, scope)
      if (node.otherwise !== null) return evaluate(node.otherwise, scope)
      return new PyUndefined('the inline if-expression evaluated to false and no else section was defined')
    }
    case 'list':
      return node.items.map((item) => evaluate(item, scope))
    case 'tuple':
      return new PyTuple(node.items.map((item) => evaluate(item, scope)))
    case 'dict':
      return dictOf(node.pairs.map(([key, value]) => [evaluate(key, scope), evaluate(value, scope)]))
  }
}

/** A filter, or a chain of them, on a value that came from elsewhere. */
export function filterBlock(node: FilterExpression, text: string, scope: Scope): Value {
  const input = node.input?.kind === 'filter' ? filterBlock(node.input, text, scope) : text
  return filter(node, input, scope)
}

const filter = (node: FilterExpression, input: Value, scope: Scope): Value =>
  applyFilter(node.name, input, argumentsOf(node.args, scope))

export function call(callee: Value, args: CallArguments): Value {
  if (callee instanceof PyUndefined) return raise(callee.message)
  return callee instanceof PyFunction ? callee.call(args) : raise(`'${typeName(callee)}' object is not callable`)
}

export function argumentsOf({ positional, named, rest, namedRest }: Arguments, scope: Scope): CallArguments {
  const values = positional.map((each) => evaluate(each, scope))
  if (rest !== null) values.push(...itemsOf(evaluate(rest, scope)))
  const byName = new Map(named.map(([name, value]) => [name, evaluate(value, scope)]))
  if (namedRest === null) return { positional: values, named: byName }
  const more = evaluate(namedRest, scope)
  if (!(more instanceof PyDict)) return raise(`argument after ** must be a mapping, not ${typeName(more)}`)
  for (const [name, value] of more.entries) {
    if (typeof name !== 'string' || byName.has(name)) raise(`two values, or no name, for the argument ${String(name)}`)
    else byName.set(name, value)
  }
  return { positional: values, named: byName }
}

/** `a < b < c` compares neighbours, and stops at the first that fails. */
function compare(first: Value, rest: readonly Comparison[], scope: Scope): boolean {
  let left = first
  for (const { operator, operand } of rest) {
    const right = evaluate(operand, scope)
    if (!holds(operator, left, right)) return false
    left = right
  }
  return true
}

function holds(operator: Comparison['operator'], left: Value, right: Value): boolean {
  if (operator === '==') return equals(left, right)
  if (operator === '!=') return !equals(left, right)
  if (operator === 'in') return contains(right, left)
  if (operator === 'not in') return !contains(right, left)
  if (left instanceof PyUndefined) return raise(left.message)
  if (right instanceof PyUndefined) return raise(right.message)
  const compared = order(left, right)
  if (operator === '<') return compared < 0
  if (operator === '<=') return compared <= 0
  return operator === '>' ? compared > 0 : compared >= 0
}

export function dictOf(pairs: readonly (readonly [Value, Value])[]): PyDict {
  const entries = new Map<Key, Value>()
  for (const [key, value] of pairs) {
    const isKey = key === null || typeof key === 'string' || typeof key === 'bigint'
    entries.set(isKey ? key : unsure(`a dict with a key of type ${typeName(key)}`), value)
  }
  return new PyDict(entries)
}
