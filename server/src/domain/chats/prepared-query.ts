import type { CompiledQuery } from 'kysely';
import type { Store } from '../../store/ports.ts';

class Placeholder {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

type Value = string | number | null;

/**
 * Compiles a query once and answers it with other values each time: compiling costs more than running for the
 * short statements of an answer. `build` must use every value as it is, in a place where a value can be bound.
 */
export function prepare<V extends Record<string, Value>>(
  names: readonly (keyof V & string)[],
  build: (values: V) => { compile(): CompiledQuery },
): (values: V) => CompiledQuery {
  const placeholders = Object.fromEntries(names.map((name) => [name, new Placeholder(name)])) as unknown as V;
  const compiled = build(placeholders).compile();
  return (values) => ({
    ...compiled,
    parameters: compiled.parameters.map((p) => (p instanceof Placeholder ? (values[p.name] ?? null) : p)),
  });
}

/** Something made once per store and kept as long as the store is. */
export function perStore<T>(create: (store: Store) => T): (store: Store) => T {
  const made = new WeakMap<Store, T>();
  return (store) => {
    let value = made.get(store);
    if (value === undefined) {
      value = create(store);
      made.set(store, value);
    }
    return value;
  };
}
