/** From the calls of a session to the threads of a trajectory. */
export { createAssembler, type Assembled, type Assembler } from './assembler.js'
