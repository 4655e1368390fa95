export { isOurPage } from './document.js'
export { renderRunReport } from './page.js'
