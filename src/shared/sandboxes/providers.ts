import { done, failed, type Result } from '../../nouns/index.js'
import { nearest } from '../project/index.js'
import { bubblewrapSandboxes } from './bubblewrap/index.js'
import { dockerSandboxes } from './docker/index.js'
import type { SandboxProvider } from './sandbox.js'
import { virtualSandboxes } from './virtual/index.js'

/** One line an adapter. */
const PROVIDERS: readonly SandboxProvider[] = [virtualSandboxes, bubblewrapSandboxes, dockerSandboxes]

/** The provider of a name, as in `sandbox: virtual`; an unknown name is `sandbox.unknown`. */
export function sandboxProvider(name: string): Result<SandboxProvider> {
  const found = PROVIDERS.find((provider) => provider.name === name)
  if (found !== undefined) return done(found)
  const names = PROVIDERS.map((provider) => provider.name)
  return failed({
    kind: 'input',
    code: 'sandbox.unknown',
    message: `there is no sandbox named ${JSON.stringify(name)}`,
    remedy: `choose ${nearest(name, names) ?? names.join(', ')}`,
  })
}
