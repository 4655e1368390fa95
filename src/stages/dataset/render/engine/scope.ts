import type { Value } from './values.js'

/** Names as they are seen at one place of a template; blocks, macros and each round of a loop have their own. */
export class Scope {
  private readonly names = new Map<string, Value>()

  constructor(private readonly outer: Scope | null) {}

  inner(): Scope {
    return new Scope(this)
  }

  set(name: string, value: Value): void {
    this.names.set(name, value)
  }

  get(name: string): Value | undefined {
    const value = this.names.get(name)
    return value === undefined && this.outer !== null ? this.outer.get(name) : value
  }
}
