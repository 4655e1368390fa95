/** Where limi writes a call whose value cannot show what the model said, the text stands beside it under this name. */
export const EXACT = 'limi_arguments'
/** Names the kind of reasoning where the model's name would say another. */
export const KIND = 'limi_kind'
/** What limi signs the thinking of a model with that signs none: clients send unsigned thinking back to no one. */
export const UNSIGNED = 'limi-unsigned'
