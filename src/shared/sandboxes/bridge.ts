import { chmod, mkdir, rm } from 'node:fs/promises'
import net from 'node:net'
import path from 'node:path'
import { pipeline } from 'node:stream'

/** A socket in a folder that leads to one port of this machine's loopback. */
export interface Bridge {
  readonly folder: string
  close(): Promise<void>
}

export async function openBridge(folder: string, port: number): Promise<Bridge> {
  await mkdir(folder, { recursive: true })
  const file = path.join(folder, 'port')
  await rm(file, { force: true })
  const open = new Set<net.Socket>()
  const server = net.createServer((near) => {
    const far = net.connect({ port, host: '127.0.0.1' })
    for (const socket of [near, far]) {
      open.add(socket)
      socket.once('close', () => open.delete(socket))
      socket.on('error', () => undefined)
    }
    const drop = (): void => {
      near.destroy()
      far.destroy()
    }
    pipeline(near, far, (error) => error != null && drop())
    pipeline(far, near, (error) => error != null && drop())
  })
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(file, resolve))
  // Whoever gets at it is inside: the folder above is the sandbox's alone.
  await chmod(file, 0o666)
  return {
    folder,
    close: () =>
      new Promise((resolve) => {
        for (const socket of open) socket.destroy()
        server.close(() => resolve())
      }),
  }
}
