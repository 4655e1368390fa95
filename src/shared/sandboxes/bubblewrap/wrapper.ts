import type { SandboxLimits } from '../sandbox.js'
import { BRIDGE } from './confine.js'

/**
 * What runs first inside: it closes what this process left open, sets limits that only hold from here on, and leads one port to the socket.
 * Limits of the number of processes count from the innermost namespace (kernel 5.14), so that sandboxes do not share one.
 */
const BEGIN = `
for fd in /proc/self/fd/*; do fd=\${fd##*/}; case $fd in 0|1|2|3|255) ;; *) eval "exec $fd>&-" ;; esac; done
echo 1000 >/proc/self/oom_score_adj
ulimit -c 0 -u "$1" -f "$2"
if [ -n "$3" ]; then
  socat "TCP4-LISTEN:$3,bind=127.0.0.1,fork,reuseaddr" UNIX-CONNECT:${BRIDGE}/port 3>&- </dev/null >/dev/null 2>&1 &
  for try in 1 2 3 4 5 6 7 8 9 10; do (exec 4<>"/dev/tcp/127.0.0.1/$3") 2>/dev/null && break; sleep 0.01; done
fi
shift 3
`

const PROGRAM = `${BEGIN}
exec 3>&-
exec "$@"
`

/** A shell that says through descriptor 3 in which folder the command ended. */
const SHELL = `${BEGIN}
if ! cd -- "$1" 2>/dev/null; then echo "bash: $1 is gone: back in $PWD" >&2; fi
__limi_command=$2
set --
trap 'pwd -P >&3 2>/dev/null || echo "$PWD" >&3' EXIT
eval "$__limi_command"
`

const limitsOf = ({ maxProcesses, maxWorkspaceBytes }: SandboxLimits, port: number | undefined): readonly string[] => [
  String(maxProcesses),
  // In blocks of 1024 bytes: no file is larger than the workspace may be.
  String(Math.ceil(maxWorkspaceBytes / 1024)),
  port === undefined ? '' : String(port),
]

/** A program and its words, as they are. */
export const programWithin = (
  command: readonly string[],
  limits: SandboxLimits,
  port: number | undefined,
): readonly string[] => ['/bin/bash', '-c', PROGRAM, 'limi', ...limitsOf(limits, port), ...command]

/** A command of a shell, from a folder on. */
export const shellWithin = (command: string, folder: string, limits: SandboxLimits): readonly string[] => [
  ...['/bin/bash', '-c', SHELL, 'bash', ...limitsOf(limits, undefined), folder, command],
]
