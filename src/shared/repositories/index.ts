/** Git repositories of this machine as places where queries begin: one commit each, with its history and nothing that came later. */
export { checkOut } from './check-out.js'
export { repositoriesIn, type Repositories } from './repositories.js'
