/** Name of a trial's file, of its trajectory, and of its judges' answers. */
export const trialName = (task: string, trial: number): string => `${task}-${trial}`

/** Name of the trajectory of a subtask: the first one's is the trial's own. */
export const trajectoryName = (task: string, trial: number, subtask: number): string =>
  subtask === 1 ? trialName(task, trial) : `${trialName(task, trial)}.${subtask}`
