/** A field of the record itself. Names come from files and people, and may be those of `Object.prototype`. */
export const own = <T>(record: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(record, name) ? record[name] : undefined
