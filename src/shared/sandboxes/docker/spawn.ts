import { randomUUID } from 'node:crypto'
import path from 'node:path'
import { FailureError } from '../../../nouns/index.js'
import { openBridge } from '../bridge.js'
import type { ProcessSpec, SandboxProcess } from '../sandbox.js'
import type { Box } from './box.js'
import { placeIn, runInside } from './inside.js'
import { CAN_RELAY, programCommand } from './scripts.js'

/** A program in a box, beside others. Failure: `sandbox.no-relay`. */
export async function spawnIn(box: Box, spec: ProcessSpec): Promise<SandboxProcess> {
  const { command, env, cwd, timeoutMs, signal, port } = spec
  const { system, bridges } = box.walls
  const folder = cwd === undefined ? system.workspace : placeIn(system.workspace, cwd)
  if (port === undefined)
    return processOf(await box.run({ command: programCommand(command, folder), env, timeoutMs, signal }))
  if ((await runInside(box, CAN_RELAY, [])).code !== 0) throw new FailureError(noRelay(system.image))
  const name = randomUUID()
  const bridge = await openBridge(path.join(bridges, name), port)
  try {
    const run = await box.run({ command: programCommand(command, folder, { port, name }), env, timeoutMs, signal })
    return processOf(run, () => bridge.close())
  } catch (error) {
    await bridge.close()
    throw error
  }
}

type Run = Awaited<ReturnType<Box['run']>>

function processOf(run: Run, after: () => Promise<void> = () => Promise.resolve()): SandboxProcess {
  const ended = run.ended
    .then(({ exitCode, timedOut, limit }) => ({ exitCode, timedOut, ...(limit === undefined ? {} : { limit }) }))
    .finally(after)
  return { stdin: run.stdin, stdout: run.stdout, stderr: run.stderr, kill: () => run.kill(), ended }
}

const noRelay = (image: string) => ({
  kind: 'missing' as const,
  code: 'sandbox.no-relay',
  message: `nothing in the image ${image} leads its loopback to the model: it has no socat, Perl, Python or Node`,
  where: image,
  remedy: 'install one of them in the image',
})
