import { type RawBuilder, sql } from 'kysely';
import type { Engine } from './ports.ts';

/**
 * A list to stand behind `in`, carried by one parameter however long it is: engines limit how many there are. It may be
 * empty. Texts must be without NUL and whole characters, numbers finite.
 */
export function listedTexts(engine: Engine, values: readonly string[]): RawBuilder<string> {
  const json = JSON.stringify(values);
  return engine === 'sqlite'
    ? sql<string>`(select value from json_each(${json}))`
    : sql<string>`(select value from json_array_elements_text(${json}::json) as listed (value))`;
}

/** The same of numbers. */
export function listedNumbers(engine: Engine, values: readonly number[]): RawBuilder<number> {
  const json = JSON.stringify(values);
  return engine === 'sqlite'
    ? sql<number>`(select value from json_each(${json}))`
    : sql<number>`(select value::double precision from json_array_elements_text(${json}::json) as listed (value))`;
}
