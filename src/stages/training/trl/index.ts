/** TRL's SFT trainer on this machine, in the managed Python environment. */
export { trlEngine, type TrlOptions } from './engine.js'
