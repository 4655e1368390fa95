import { afterAll, afterEach, describe, expect } from 'vitest'
import type { Sandbox } from '../sandbox.js'
import { attacksOn } from '../testing/attacks.js'
import { endsBombs } from '../testing/bombs.js'
import { containmentOf } from '../testing/containment.js'
import { contractOf, opened, type Open } from '../testing/contract.js'
import { OF_AN_IMAGE } from '../testing/nature.js'
import { dockerSandboxes } from './index.js'
import { removeLeftovers } from './leftovers.js'
import { startTestEngine } from './testing/engine.js'

const engine = await startTestEngine()
if (engine.ready) {
  process.env['DOCKER_HOST'] = `unix://${engine.socketPath}`
  process.env['LIMI_SANDBOX_IMAGE'] = engine.image
}
const made: Sandbox[] = []
afterEach(async () => {
  for (const sandbox of made.splice(0)) await sandbox.dispose()
})
afterAll(async () => {
  if (!engine.ready) return
  // One test kills a limi.
  await removeLeftovers(engine.docker)
  const left = await engine.docker.listContainers({ all: true })
  await engine.stop()
  expect(left).toEqual([])
})

const open: Open = async (files = {}, limits = {}) => {
  const sandbox = await opened(dockerSandboxes, { files, limits })
  made.push(sandbox)
  return sandbox
}

describe.skipIf(!engine.ready)(engine.ready ? 'docker' : `docker (skipped: ${engine.why})`, () => {
  contractOf(dockerSandboxes, open)
  containmentOf(open, OF_AN_IMAGE)
  endsBombs(open)
  attacksOn(open)
})
