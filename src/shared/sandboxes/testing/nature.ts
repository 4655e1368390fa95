/** What providers differ in by their nature. */
export interface Nature {
  /** Where the provider comes from, for a process of its own: a module beside this folder, and its name there. */
  readonly from: readonly [module: string, name: string]
  /** Lines that folders and made-up names of the system inside show. */
  readonly shows: RegExp
  /** What the bounding set of capabilities may hold, none of which a process can gain. */
  readonly bounding: RegExp
  /** Where the kernel's folders can be read, writing is tried. */
  readonly kernelFolders: string
}

export const OF_THIS_MACHINE: Nature = {
  from: ['bubblewrap', 'bubblewrapSandboxes'],
  shows: /^\/(root|home):$|^user$/,
  bounding: /CapBnd:\s*0+\n/,
  kernelFolders: 'ls /sys/kernel && echo sys',
}

/** Of an image made for tests. The first process of a container may end others: nobody inside can gain that. */
export const OF_AN_IMAGE: Nature = {
  from: ['docker', 'dockerSandboxes'],
  shows: /^(limi)?\/(root|home|mnt|srv|var|opt):$|^(user|tmp|limi)$/,
  bounding: /CapBnd:\s*0+20\n/,
  kernelFolders:
    'for file in /sys/kernel/profiling /sys/fs/cgroup/memory/memory.limit_in_bytes /sys/fs/cgroup/cgroup.procs; do echo 1 > $file && echo sys; done',
}
