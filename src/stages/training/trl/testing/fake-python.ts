import { chmod, writeFile } from 'node:fs/promises'
import path from 'node:path'

/** A stand-in for the interpreter: a shell script that writes events to descriptor 3 as `run_sft.py` does. */
export async function fakePython(folder: string, body: string): Promise<string> {
  const file = path.join(folder, 'fake-python')
  await writeFile(file, `#!/bin/sh\n${body}\n`)
  await chmod(file, 0o755)
  return file
}

export const START = `echo '{"event":"start","steps":3,"from":0,"threads":2,"device":"cpu"}' >&3`
export const step = (number: number): string =>
  `echo '{"event":"step","step":${String(number)},"loss":0.${String(number)},"learning_rate":0.001,"tokens":${String(number * 10)}}' >&3`
export const END = `echo '{"event":"end","steps":3,"tokens":30,"curve":[{"step":1,"loss":0.1,"learning_rate":0}]}' >&3`
/** What TRL leaves: weights and config in its output folder. */
export const WEIGHTS = `mkdir -p output && echo trained > output/model.safetensors && echo '{}' > output/config.json`
