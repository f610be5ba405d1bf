/** What both engines can hold. */
export type Bound = null | number | bigint | string | Uint8Array;

/**
 * Values as the engines take them. Booleans become 1 and 0. NUL characters are left out of texts: Postgres cannot
 * hold them, and both engines must keep the same. Refuses everything else: SQLite's binding for Node takes an object
 * in the first place for named parameters and then shifts all others by one, without an error.
 */
export function bind(parameters: readonly unknown[]): readonly Bound[] {
  let bound = parameters as readonly Bound[];
  const put = (i: number, value: Bound) => {
    if (bound === parameters) bound = [...bound];
    (bound as Bound[])[i] = value;
  };
  for (let i = 0; i < parameters.length; i++) {
    const value = parameters[i];
    if (typeof value === 'string') {
      if (value.includes('\u0000')) put(i, value.replaceAll('\u0000', ''));
      continue;
    }
    if (value === null || typeof value === 'bigint') continue;
    if (typeof value === 'number' && !Number.isNaN(value)) continue;
    if (typeof value === 'boolean') {
      put(i, value ? 1 : 0);
      continue;
    }
    if (value instanceof Uint8Array) continue;
    const shown = Number.isNaN(value) ? 'NaN' : (value?.constructor?.name ?? typeof value);
    throw new TypeError(`Value ${i + 1} of the statement is ${shown}, which the store cannot hold.`);
  }
  return bound;
}
