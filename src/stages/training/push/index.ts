export { isRepository, pushModel, type Pushed, type PushRequest } from './push.js'
