import type { Query, Result } from '../../../nouns/index.js'
import { openWorkspace } from '../../../shared/rollouts/index.js'
import type { Sandbox, SandboxProvider } from '../../../shared/sandboxes/index.js'

/** A trial's one workspace, made when it is first asked for, and asked for again where that failed. */
export interface Workspace {
  open(): Promise<Result<Sandbox>>
  dispose(): Promise<void>
}

export function workspaceFor(sandboxes: SandboxProvider, query: Query): Workspace {
  let sandbox: Sandbox | null = null
  return {
    async open() {
      if (sandbox !== null) return { ok: true, value: sandbox }
      const opened = await openWorkspace(query, sandboxes)
      if (opened.ok) sandbox = opened.value
      return opened
    },
    dispose: async () => sandbox?.dispose(),
  }
}
