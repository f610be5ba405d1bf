import { type Expression, type RawBuilder, sql } from 'kysely';
import type { Engine } from './ports.ts';

/** A name to sort by: ASCII letters whatever their case, the rest by code point, alike on both engines. */
export const nameOrder = (engine: Engine, name: Expression<string>): RawBuilder<string> =>
  engine === 'sqlite' ? sql<string>`lower(${name})` : sql<string>`lower(${name}) collate "C"`;
