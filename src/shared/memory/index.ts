/** What long work does so that memory stays within what the documentation promises. */
export { holdHeapSmall, holdYoungHeapSmall } from './heap.js'
