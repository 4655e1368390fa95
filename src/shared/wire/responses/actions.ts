import { field, textIn, type Fields } from '../../json/index.js'

/** An item, and its action to the letter where it has one: as far as it came. */
export interface ReceivedItem {
  readonly item: Fields
  readonly action?: string
}

/** Calls of tools that the service describes and the agent runs: where each says what to do, and the name that it has as a call. */
const ACTIONS: Readonly<Record<string, { readonly action: string; readonly name: string }>> = {
  local_shell_call: { action: 'action', name: 'local_shell' },
  shell_call: { action: 'action', name: 'shell' },
  apply_patch_call: { action: 'operation', name: 'apply_patch' },
}

/** The field of an item that says what to do as an object; undefined where the item is no call of this kind, or the service itself runs it. */
export const actionOf = (item: unknown): string | undefined => kindOf(item)?.action

export const actionName = (item: unknown): string | undefined => kindOf(item)?.name

function kindOf(item: unknown) {
  const type = textIn(item, 'type') ?? ''
  const isHosted = textIn(field(item, 'environment'), 'type') === 'container_reference'
  return isHosted || !Object.hasOwn(ACTIONS, type) ? undefined : ACTIONS[type]
}
