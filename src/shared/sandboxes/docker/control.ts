import { createInterface } from 'node:readline'
import { demux } from './demux.js'
import { TOLD } from './places.js'

/**
 * The first process of a container. The kernel takes no signal for it from inside, and all ends with it; it ends when its standard input does, which
 * is when the connection to this process goes. It answers orders with words of the shell alone: a program might find no place to begin.
 */
const SCRIPT = `
trap '' TERM INT HUP QUIT USR1 USR2 PIPE
while read -r number order slot; do
  folder=
  case $order in
    all) kill -9 -1 2>/dev/null ;;
    look) ;;
    *) continue ;;
  esac
  if [ -n "$slot" ] && [ -f "${TOLD}/$slot" ] && [ ! -L "${TOLD}/$slot" ]; then IFS= read -r folder < "${TOLD}/$slot"; fi
  killed=0
  for file in /sys/fs/cgroup/memory.events /sys/fs/cgroup/memory/memory.oom_control; do
    [ -r "$file" ] && while read -r key value; do [ "$key" = oom_kill ] && killed=$value; done < "$file"
  done
  echo "$number $killed $folder"
done
`

/** In bash where there is one: it lets go of processes that ended as they end. */
export const FIRST_PROCESS: readonly string[] = [
  ...['/bin/sh', '-c', 'if [ -x /bin/bash ]; then exec /bin/bash -c "$0"; else exec /bin/sh -c "$0"; fi', SCRIPT],
]

export interface Answer {
  /** How many processes the kernel ended since the container began because its memory was full. */
  readonly killed: number
  /** What was told through the slot that was asked for. */
  readonly folder: string | null
}

/** What the first process of a container does for this one. */
export interface Control {
  /** Ends all processes but the first; it is over when the answer comes. `slot`: what was told through it. Null where no answer came in time. */
  endAll(slot?: number): Promise<Answer | null>
  look(slot?: number): Promise<Answer | null>
  readonly isOpen: boolean
  close(): void
}

const WAIT_MS = 10_000

export function controlOver(connection: NodeJS.ReadWriteStream): Control {
  const waiting = new Map<string, (answer: Answer | null) => void>()
  let asked = 0
  let isOpen = true
  connection.on('error', () => undefined)
  connection.once('close', () => {
    isOpen = false
    for (const answer of waiting.values()) answer(null)
  })
  const { stdout, stderr } = demux(connection)
  stderr.resume()
  createInterface(stdout).on('line', (line) => {
    const [, number = '', killed, folder = ''] = /^(\d+) (\d+) (.*)$/.exec(line) ?? []
    waiting.get(number)?.({ killed: Number(killed), folder: folder === '' ? null : folder })
  })
  // The client puts its options before the first line.
  connection.write('\n')
  const ask = (order: 'all' | 'look', slot: number | undefined): Promise<Answer | null> => {
    if (!isOpen) return Promise.resolve(null)
    const number = String((asked += 1))
    return new Promise<Answer | null>((resolve) => {
      const timer = setTimeout(() => resolve(null), WAIT_MS)
      waiting.set(number, (answer) => {
        clearTimeout(timer)
        resolve(answer)
      })
      connection.write(`${number} ${order} ${slot ?? ''}\n`)
    }).finally(() => waiting.delete(number))
  }
  return {
    endAll: (slot) => ask('all', slot),
    look: (slot) => ask('look', slot),
    get isOpen() {
      return isOpen
    },
    close: () => void connection.end(),
  }
}
