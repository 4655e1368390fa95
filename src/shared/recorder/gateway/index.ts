/** What agents speak to: each call goes to the upstream of its route, byte by byte, or is answered by a model. */
export { startGateway, type Gateway } from './gateway.js'
