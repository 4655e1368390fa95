/** What a chat template consists of, after jinja2's grammar (3.1). */
export type Expression =
  | { readonly kind: 'constant'; readonly value: null | boolean | bigint | number | string }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'list' | 'tuple' | 'concat'; readonly items: readonly Expression[] }
  | { readonly kind: 'dict'; readonly pairs: readonly (readonly [Expression, Expression])[] }
  | { readonly kind: 'attribute'; readonly object: Expression; readonly name: string }
  | { readonly kind: 'item'; readonly object: Expression; readonly index: Expression }
  | { readonly kind: 'slice'; readonly object: Expression; readonly bounds: SliceBounds }
  | { readonly kind: 'call'; readonly callee: Expression; readonly args: Arguments }
  | FilterExpression
  | { readonly kind: 'test'; readonly input: Expression; readonly name: string; readonly args: Arguments }
  | { readonly kind: 'not' | 'negative' | 'positive'; readonly operand: Expression }
  | { readonly kind: 'and' | 'or'; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'binary'; readonly operator: Operator; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'compare'; readonly first: Expression; readonly rest: readonly Comparison[] }
  | ConditionalExpression

export interface FilterExpression {
  readonly kind: 'filter'
  /** Null in `{% filter … %}` and `{% set x | … %}`, where the block's text goes in. */
  readonly input: Expression | null
  readonly name: string
  readonly args: Arguments
}

export interface ConditionalExpression {
  readonly kind: 'conditional'
  readonly test: Expression
  readonly then: Expression
  readonly otherwise: Expression | null
}

export type Operator = '+' | '-' | '*' | '/' | '//' | '%' | '**'

export interface Comparison {
  readonly operator: '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | 'not in'
  readonly operand: Expression
}

export interface SliceBounds {
  readonly start: Expression | null
  readonly stop: Expression | null
  readonly step: Expression | null
}

export interface Arguments {
  readonly positional: readonly Expression[]
  readonly named: readonly (readonly [string, Expression])[]
  readonly rest: Expression | null
  readonly namedRest: Expression | null
}

/** What is assigned to: a name, several, or a field of a namespace. */
export type Target =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'several'; readonly targets: readonly Target[] }
  | { readonly kind: 'field'; readonly object: string; readonly name: string }

export interface Parameter {
  readonly name: string
  readonly fallback: Expression | null
}

/** A body with parameters: a macro's, or a call block's. */
export interface Callable {
  readonly name: string
  readonly parameters: readonly Parameter[]
  readonly body: readonly Statement[]
  /** Names that the body reads, of which `caller`, `varargs` and `kwargs` are special. */
  readonly reads: ReadonlySet<string>
}

export type Statement = { readonly line: number } & (
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'print'; readonly value: Expression }
  | { readonly kind: 'if'; readonly branches: readonly Branch[]; readonly otherwise: readonly Statement[] }
  | ForStatement
  | { readonly kind: 'set'; readonly target: Target; readonly value: Expression }
  | {
      readonly kind: 'set-block'
      readonly target: Target
      readonly filter: FilterExpression | null
      readonly body: readonly Statement[]
    }
  | { readonly kind: 'macro'; readonly macro: Callable }
  | { readonly kind: 'call-block'; readonly call: Expression & { kind: 'call' }; readonly caller: Callable }
  | { readonly kind: 'filter-block'; readonly filter: FilterExpression; readonly body: readonly Statement[] }
  | {
      readonly kind: 'with'
      readonly bindings: readonly (readonly [Target, Expression])[]
      readonly body: readonly Statement[]
    }
  | { readonly kind: 'generation'; readonly body: readonly Statement[] }
  | { readonly kind: 'break' | 'continue' }
)

export interface Branch {
  readonly test: Expression
  readonly body: readonly Statement[]
}

export interface ForStatement {
  readonly kind: 'for'
  readonly target: Target
  readonly iterable: Expression
  readonly condition: Expression | null
  readonly body: readonly Statement[]
  readonly otherwise: readonly Statement[]
}
