import { z } from 'zod'

/** A task of an evaluation, and the trajectory that taught what it shares. */
export const SharedTask = z.object({ task: z.string(), trajectory: z.string() })
export type SharedTask = z.infer<typeof SharedTask>

/** What the tasks of an evaluation share with what its model was taught, as far as this project knows. */
export const TaughtOverlap = z.object({
  /** The checkpoint, and those that it was trained from. */
  checkpoints: z.array(z.string()),
  /** Datasets that these were trained on. */
  datasets: z.array(z.string()),
  /** Trajectories of these that were looked through. */
  trajectories: z.number().int(),
  /** Tasks that were looked for. */
  tasks: z.number().int(),
  /** Tasks that a trajectory answers, or whose request it says. */
  prompt: z.array(SharedTask),
  /** Other tasks that begin in the files or the repository in which a trajectory's query began. */
  workspace: z.array(SharedTask),
  /** Why something of what was taught could not be looked at; empty where all was. */
  unknown: z.array(z.string()),
})
export type TaughtOverlap = z.infer<typeof TaughtOverlap>
