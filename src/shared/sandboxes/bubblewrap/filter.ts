import os from 'node:os'

/** Numbers of the system calls that are refused, from the kernel's tables of each architecture. */
interface Machine {
  /** As the kernel's audit names it (linux/audit.h). */
  readonly audit: number
  readonly refused: readonly number[]
  /** As if the kernel had none: programs that would use one do without. */
  readonly absent: readonly number[]
  readonly ioctl: number
}

const IO_URING = [425, 426, 427]

const MACHINES: Readonly<Record<string, Machine>> = {
  // Refused: add_key, request_key, keyctl, kexec_load, perf_event_open, bpf, userfaultfd, open_by_handle_at. Absent: memfd_create, memfd_secret.
  x64: {
    audit: 0xc000003e,
    refused: [248, 249, 250, 246, 298, 321, 323, 304, ...IO_URING],
    absent: [319, 447],
    ioctl: 16,
  },
  arm64: {
    audit: 0xc00000b7,
    refused: [217, 218, 219, 104, 241, 280, 282, 265, ...IO_URING],
    absent: [279, 447],
    ioctl: 29,
  },
}

/** Requests that put characters into a terminal: TIOCSTI and TIOCLINUX. */
const TERMINAL_REQUESTS = [0x5412, 0x541c]

const LOAD = 0x20
const EQUAL = 0x15
const AT_LEAST = 0x35
const RETURN = 0x06
const ALLOW = 0x7fff0000
const REFUSE = 0x00050001
const UNKNOWN_CALL = 0x00050026

type Instruction = readonly [code: number, ifTrue: number, ifFalse: number, value: number]

/**
 * A seccomp filter as the kernel takes it (linux/filter.h: eight bytes an instruction): key rings are shared with the whole session of the
 * caller, and no namespace parts them; files in memory stand in no process's account. Null for a processor it was not written for.
 */
export function systemCallFilter(architecture = os.arch()): Buffer | null {
  const machine = MACHINES[architecture]
  if (machine === undefined) return null
  const program: Instruction[] = [
    [LOAD, 0, 0, 4],
    [EQUAL, 1, 0, machine.audit],
    [RETURN, 0, 0, UNKNOWN_CALL],
    [LOAD, 0, 0, 0],
    // Calls of the 32-bit pointers' table have other numbers.
    [AT_LEAST, 0, 1, 0x40000000],
    [RETURN, 0, 0, UNKNOWN_CALL],
    ...machine.refused.flatMap((call) => answer(call, REFUSE)),
    ...machine.absent.flatMap((call) => answer(call, UNKNOWN_CALL)),
    [EQUAL, 1, 0, machine.ioctl],
    [RETURN, 0, 0, ALLOW],
    [LOAD, 0, 0, 24],
    ...TERMINAL_REQUESTS.flatMap((request) => answer(request, REFUSE)),
    [RETURN, 0, 0, ALLOW],
  ]
  return Buffer.concat(program.map(encode))
}

const answer = (value: number, given: number): Instruction[] => [
  [EQUAL, 0, 1, value],
  [RETURN, 0, 0, given],
]

function encode([code, ifTrue, ifFalse, value]: Instruction): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeUInt16LE(code, 0)
  bytes.writeUInt8(ifTrue, 2)
  bytes.writeUInt8(ifFalse, 3)
  bytes.writeUInt32LE(value, 4)
  return bytes
}
