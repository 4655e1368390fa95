import { syncBuiltinESMExports } from 'node:module'

/** Ways out of the process that Node's permissions leave open: a signal to limi above all, which runs as the same user. */
const OPEN = ['kill', '_kill', '_debugProcess', '_debugEnd', 'binding', '_linkedBinding', 'dlopen'] as const

/**
 * Takes the means to signal other processes away, before any code of a benchmark is loaded. Together with Node's permissions (no further
 * process, no thread, no add-on) nothing is left that reaches limi.
 */
export function seal(): void {
  for (const name of OPEN) {
    const refuse = (): never => {
      throw new Error(`process.${name} is not allowed in a benchmark's module`)
    }
    Object.defineProperty(process, name, { value: refuse, writable: false, configurable: false })
  }
  // What `import { kill } from 'node:process'` gives was bound already.
  syncBuiltinESMExports()
}
