import { done, failed, type Result } from '../../nouns/index.js'
import { nearest } from '../project/index.js'
import type { SandboxProvider } from './sandbox.js'

/** One line an adapter; each is loaded by whoever uses it, with the libraries that it needs. */
const PROVIDERS: readonly SandboxProvider[] = [
  loadedWhenUsed('virtual', async () => (await import('./virtual/index.js')).virtualSandboxes),
  loadedWhenUsed('bubblewrap', async () => (await import('./bubblewrap/index.js')).bubblewrapSandboxes),
  loadedWhenUsed('docker', async () => (await import('./docker/index.js')).dockerSandboxes),
]

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

function loadedWhenUsed(name: string, load: () => Promise<SandboxProvider>): SandboxProvider {
  return {
    name,
    probe: async () => (await load()).probe(),
    create: async (spec) => (await load()).create(spec),
  }
}
