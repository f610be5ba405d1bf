/** A value as the text that a JSON column holds. `undefined` members vanish, as in JSON.stringify. */
export function toJson(value: object | readonly unknown[]): string {
  return JSON.stringify(value);
}

/** The value of a JSON column; null and '' (never written) give the fallback. Throws on text that is not JSON. */
export function fromJson<T>(text: string | null | undefined, fallback: T): T {
  return text === null || text === undefined || text === '' ? fallback : (JSON.parse(text) as T);
}
