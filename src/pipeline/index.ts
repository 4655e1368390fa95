/** The wiring of stages to a project: what each is given, and where what it made goes. */
export { runDemo } from './demo.js'
export { DEMO_MODEL, demoConfig } from './demo-plan.js'
export { buildProjectDataset, checkProjectDataset, collectProject, curateProject, trainProject } from './steps.js'
export { compareProject, evaluateProject } from './steps-evaluation.js'
export { runProject } from './project-run.js'
