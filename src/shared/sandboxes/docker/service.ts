import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as after } from 'node:timers/promises'

/** A socket of Podman's that ends with this process. */
export interface Service {
  readonly socketPath: string
  stop(): void
}

const WAIT_MS = 10_000

/** The shell outlives nobody: its standard input closes when this process is gone, however that came. */
const HOLD =
  'podman "$@" >/dev/null 2>&1 & service=$!; cat >/dev/null; kill "$service" 2>/dev/null; wait; rm -rf -- "$0"'

/** Starts Podman's service on a private socket; null where it does not answer. */
export async function startService(options: readonly string[] = cgroupOptions()): Promise<Service | null> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'limi-podman-'))
  const socketPath = path.join(folder, 'socket')
  const words = [...options, 'system', 'service', '--time', '0', `unix://${socketPath}`]
  const env = { ...process.env, ...configurationIn(folder) }
  // What it starts leaves files where it stands.
  const child = spawn('sh', ['-c', HOLD, folder, ...words], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
    cwd: folder,
    env,
  })
  child.on('error', () => undefined)
  child.unref()
  ;(child.stdin as unknown as { unref(): void }).unref()
  const stop = (): void => void child.stdin.destroy()
  process.once('exit', stop)
  const until = performance.now() + WAIT_MS
  while (performance.now() < until && child.exitCode === null) {
    if (existsSync(socketPath)) return { socketPath, stop }
    await after(50)
  }
  stop()
  return null
}

/** Without systemd nobody keeps control groups for Podman. */
const cgroupOptions = (): readonly string[] => (existsSync('/run/systemd/system') ? [] : ['--cgroup-manager=cgroupfs'])

/**
 * Podman keeps a process for each command for five minutes after it ended (containers.conf(5), `exit_command_delay`). Where nobody configured it,
 * ours does so for a moment.
 */
function configurationIn(folder: string): Readonly<Record<string, string>> {
  const home = process.env['XDG_CONFIG_HOME'] ?? path.join(os.homedir(), '.config')
  const theirs = ['/etc/containers/containers.conf', path.join(home, 'containers', 'containers.conf')]
  if (process.env['CONTAINERS_CONF'] !== undefined || theirs.some((file) => existsSync(file))) return {}
  const file = path.join(folder, 'containers.conf')
  writeFileSync(file, '[engine]\nexit_command_delay = 5\n')
  return { CONTAINERS_CONF: file }
}
