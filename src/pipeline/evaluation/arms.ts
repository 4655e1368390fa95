/** The arm that every other is compared with. */
export const BASE_ARM = 'base'
