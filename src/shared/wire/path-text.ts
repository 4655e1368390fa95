/** What a segment of a path says; as it came where it is no text in the encoding of addresses. */
export function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}
