import type { Query, Result } from '../../../nouns/index.js'
import type { Wanted, Workspaces } from '../../../shared/rollouts/index.js'
import type { Sandbox } from '../../../shared/sandboxes/index.js'

/** A trial's one workspace, made when it is first asked for, and asked for again where that failed. */
export interface Workspace {
  open(): Promise<Result<Sandbox>>
  dispose(): Promise<void>
}

export function workspaceFor(workspaces: Workspaces, query: Query, wanted: Wanted): Workspace {
  let sandbox: Sandbox | null = null
  return {
    async open() {
      if (sandbox !== null) return { ok: true, value: sandbox }
      const opened = await workspaces.open(query, wanted)
      if (opened.ok) sandbox = opened.value
      return opened
    },
    dispose: async () => sandbox?.dispose(),
  }
}
