import type { MetadataConditions, Scalar } from '@lectern/contract/collection-filter.ts';
import type { Expression, ExpressionBuilder, SqlBool } from 'kysely';
import { listedNumbers, listedTexts } from '../../store/listed.ts';
import { cutText, metadataValue, numberOf } from '../../store/metadata-values.ts';
import type { Engine } from '../../store/ports.ts';
import type { Database } from '../../store/schema.ts';

type Collections = ExpressionBuilder<Database, 'collections'>;
type Values = ExpressionBuilder<Database, 'collection_metadata'>;

/**
 * What a filter asks of the value called `name`. Numbers are compared with numbers, dates with dates, texts with texts;
 * a text that is written like a number is one as well, and `true` is the same as `"true"`: variables of a workflow are
 * texts. All bounds must hold for one and the same value; what is negated must hold for none. Every condition is one
 * question to the store, however many values it lists.
 */
export function metadataCondition(
  { eb, engine, datasetIds }: { eb: Collections; engine: Engine; datasetIds: readonly string[] },
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
        .where('collection_metadata.datasetId', 'in', listedTexts(engine, datasetIds))
        .where('collection_metadata.name', '=', cutText(name))
        .where((value) => value.and(matches(value))),
    );
  const present = withValue(() => []);
  const any = (wanted: Scalar[]) => {
    const values = wanted.filter((one) => one !== null);
    const found = withValue((value) => [equalsAny(engine, value, values)]);
    return values.length === wanted.length ? found : eb.or([found, eb.not(present)]);
  };
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
  if (given.$eq !== undefined) conditions.push(any([given.$eq]));
  if (given.$ne !== undefined) conditions.push(eb.not(any([given.$ne])));
  if (given.$in !== undefined) conditions.push(any(given.$in));
  if (given.$nin !== undefined) conditions.push(eb.not(any(given.$nin)));
  if (given.$exists !== undefined) conditions.push(given.$exists ? present : eb.not(present));
  return conditions;
}

/** Is one of these. A number that is none, such as Infinity, is equal to nothing. */
function equalsAny(
  engine: Engine,
  value: Values,
  wanted: (string | number | boolean)[],
): Expression<SqlBool> {
  const [numbers, dates, texts]: [number[], number[], string[]] = [[], [], []];
  for (const one of wanted) {
    const known = metadataValue('', one);
    const number = numberOf(one);
    if (number !== undefined) numbers.push(number);
    if (known?.kind === 'date' && known.number !== null) dates.push(known.number);
    else if (known && known.kind !== 'number') texts.push(known.text);
  }
  const ways: Expression<SqlBool>[] = [];
  if (numbers.length > 0) {
    ways.push(
      value.and([
        value('collection_metadata.kind', 'in', ['number', 'text']),
        value('collection_metadata.number', 'in', listedNumbers(engine, numbers)),
      ]),
    );
  }
  if (dates.length > 0) {
    ways.push(
      value.and([
        value('collection_metadata.kind', '=', 'date'),
        value('collection_metadata.number', 'in', listedNumbers(engine, dates)),
      ]),
    );
  }
  if (texts.length > 0) {
    ways.push(
      value.and([
        value('collection_metadata.kind', 'in', ['text', 'boolean']),
        value('collection_metadata.text', 'in', listedTexts(engine, texts)),
      ]),
    );
  }
  return value.or(ways);
}

function compares(
  value: Values,
  compare: '>' | '>=' | '<' | '<=',
  bound: string | number,
): Expression<SqlBool> {
  const number = numberOf(bound);
  if (number !== undefined) {
    return value.and([
      value('collection_metadata.kind', 'in', ['number', 'text']),
      value('collection_metadata.number', compare, number),
    ]);
  }
  const known = metadataValue('', bound);
  if (!known) return value.or([]);
  return value.and([
    value('collection_metadata.kind', '=', known.kind),
    known.kind === 'text'
      ? value('collection_metadata.text', compare, known.text)
      : value('collection_metadata.number', compare, known.number),
  ]);
}
