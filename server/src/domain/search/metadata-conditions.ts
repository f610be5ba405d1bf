import type { MetadataConditions, Scalar } from '@lectern/contract/collection-filter.ts';
import type { Expression, ExpressionBuilder, SqlBool } from 'kysely';
import { cutText, metadataValue } from '../../store/metadata-values.ts';
import type { Database } from '../../store/schema.ts';

type Collections = ExpressionBuilder<Database, 'collections'>;
type Values = ExpressionBuilder<Database, 'collection_metadata'>;

/**
 * What a filter asks of the value called `name`. Numbers are compared with numbers, dates with dates, texts with texts;
 * a text that is written like a number is compared with numbers too, as variables of a workflow are texts. All bounds
 * must hold for one and the same value; what is negated must hold for none.
 */
export function metadataCondition(
  eb: Collections,
  datasetIds: string[],
  name: string,
  asked: MetadataConditions | Scalar,
): Expression<SqlBool>[] {
  const given: MetadataConditions = typeof asked === 'object' && asked !== null ? asked : { $eq: asked };
  const withValue = (matches: (value: Values) => Expression<SqlBool>[]): Expression<SqlBool> =>
    eb(
      'collections.id',
      'in',
      eb
        .selectFrom('collection_metadata')
        .select('collection_metadata.collectionId')
        .where('collection_metadata.datasetId', 'in', datasetIds)
        .where('collection_metadata.name', '=', cutText(name))
        .where((value) => value.and(matches(value))),
    );
  const present = withValue(() => []);
  const equal = (one: Scalar) =>
    one === null ? eb.not(present) : withValue((value) => [equals(value, one)]);
  const conditions: Expression<SqlBool>[] = [];
  const bounds = [
    ['>', given.$gt],
    ['>=', given.$gte],
    ['<', given.$lt],
    ['<=', given.$lte],
  ] as const;
  const asBounds = bounds.flatMap(([compare, bound]) => (bound === undefined ? [] : [{ compare, bound }]));
  if (asBounds.length > 0) {
    conditions.push(
      withValue((value) => asBounds.map(({ compare, bound }) => compares(value, compare, bound))),
    );
  }
  if (given.$eq !== undefined) conditions.push(equal(given.$eq));
  if (given.$ne !== undefined) conditions.push(eb.not(equal(given.$ne)));
  if (given.$in !== undefined) conditions.push(eb.or(given.$in.map(equal)));
  if (given.$nin !== undefined) conditions.push(...given.$nin.map((one) => eb.not(equal(one))));
  if (given.$exists !== undefined) conditions.push(given.$exists ? present : eb.not(present));
  return conditions;
}

function equals(value: Values, wanted: string | number | boolean): Expression<SqlBool> {
  const known = metadataValue('', wanted);
  // A number that is none, such as Infinity: nothing is equal to it.
  if (!known) return value.or([]);
  const { kind, text, number } = known;
  const same = value.and([
    value('collection_metadata.kind', '=', kind),
    kind === 'text'
      ? value('collection_metadata.text', '=', text)
      : value('collection_metadata.number', '=', number),
  ]);
  const asNumber = typeof wanted === 'string' ? numberOf(wanted) : undefined;
  return asNumber === undefined
    ? same
    : value.or([
        same,
        value.and([
          value('collection_metadata.kind', '=', 'number'),
          value('collection_metadata.number', '=', asNumber),
        ]),
      ]);
}

function compares(
  value: Values,
  compare: '>' | '>=' | '<' | '<=',
  bound: string | number,
): Expression<SqlBool> {
  const known = metadataValue('', bound);
  const asNumber = typeof bound === 'string' ? numberOf(bound) : undefined;
  if (!known) return value.or([]);
  if (known.kind === 'text' && asNumber === undefined) {
    return value.and([
      value('collection_metadata.kind', '=', 'text'),
      value('collection_metadata.text', compare, known.text),
    ]);
  }
  return value.and([
    value('collection_metadata.kind', '=', asNumber === undefined ? known.kind : 'number'),
    value('collection_metadata.number', compare, asNumber ?? known.number),
  ]);
}

function numberOf(text: string): number | undefined {
  if (!/^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(text)) return undefined;
  const number = Number(text);
  return Number.isFinite(number) ? number : undefined;
}
