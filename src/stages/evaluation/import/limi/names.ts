import { isId } from '../../../../shared/project/index.js'

const KINDS: Readonly<Record<string, string>> = { trials: '.json', judgements: '.json', trajectories: '.jsonl' }

/** What lies in an evaluation's folder, and so never a path that leads out of it. */
export function isEvaluationFile(name: string): boolean {
  if (['plan.json', 'manifest.json', 'faults.jsonl'].includes(name)) return true
  const [folder = '', file = '', ...more] = name.split('/')
  const extension = Object.hasOwn(KINDS, folder) ? KINDS[folder] : undefined
  if (extension === undefined || more.length > 0 || !file.endsWith(extension)) return false
  return isId(file.slice(0, -extension.length))
}
