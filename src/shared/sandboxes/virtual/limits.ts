import type { SandboxLimits } from '../sandbox.js'

/** There are no processes that could hold memory. */
export type VirtualLimits = Omit<SandboxLimits, 'maxMemoryBytes' | 'maxProcesses'>
