import { evaluate } from './evaluate.js'
import { raise } from './errors.js'
import type { Callable } from './nodes.js'
import type { Scope } from './scope.js'
import { dictOf } from './evaluate.js'
import { PyFunction, PyTuple, PyUndefined, type CallArguments, type Value } from './values.js'

/** A macro as a function that prints; its body sees the names around its definition, never those of its caller. */
export function macroFunction(macro: Callable, around: Scope, print: (scope: Scope) => string): PyFunction {
  return new PyFunction(macro.name, (args) => {
    const scope = around.inner()
    bindSpecial(macro, args, scope)
    bindParameters(macro, args, scope)
    return print(scope)
  })
}

/** `caller`, `varargs` and `kwargs` are there for a body that reads them; what nothing takes is refused. */
function bindSpecial(macro: Callable, { positional, named }: CallArguments, scope: Scope): void {
  const { parameters, reads, name } = macro
  const own = (each: string): boolean => parameters.some((parameter) => parameter.name === each)
  const extra = positional.slice(parameters.length)
  const unknown = [...named].filter(
    ([each]) => !parameters.some((parameter, index) => parameter.name === each && index >= positional.length),
  )
  const others = reads.has('caller') && !own('caller') ? unknown.filter(([each]) => each !== 'caller') : unknown
  if (reads.has('caller') && !own('caller')) {
    const caller = named.get('caller')
    scope.set('caller', caller === undefined || caller === null ? new PyUndefined('No caller defined') : caller)
  }
  if (reads.has('kwargs') && !own('kwargs')) scope.set('kwargs', dictOf(others))
  else if (others.length > 0) raise(`macro '${name}' takes no keyword argument '${others[0]?.[0] ?? ''}'`)
  if (reads.has('varargs') && !own('varargs')) scope.set('varargs', new PyTuple(extra))
  else if (extra.length > 0) raise(`macro '${name}' takes not more than ${parameters.length} argument(s)`)
}

/** Defaults are worked out at each call, and see the parameters before them. */
function bindParameters({ parameters }: Callable, { positional, named }: CallArguments, scope: Scope): void {
  const given = parameters.map(({ name }, index): Value | undefined =>
    index < positional.length ? positional[index] : named.get(name),
  )
  for (const [index, { name, fallback }] of parameters.entries()) {
    const value = given[index]
    if (value !== undefined) scope.set(name, value)
    else if (fallback !== null) scope.set(name, evaluate(fallback, scope))
    else scope.set(name, new PyUndefined(`parameter '${name}' was not provided`))
  }
}
