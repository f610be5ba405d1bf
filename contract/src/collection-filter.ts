import { z } from 'zod';
import { id, opt, timeText } from './fields.ts';

/*
 * The collection filter (spec 5.5, and typed metadata of ours): JSON, or JSON5 as text, that narrows a search to some
 * collections of its datasets.
 */

/** A date in any form that dates are written in, or milliseconds. */
const moment = z
  .preprocess(
    timeText,
    z.string().refine((text) => !Number.isNaN(Date.parse(text))),
  )
  .transform((text) => Date.parse(text));

const scalar = z.union([z.string().max(10_000), z.number(), z.boolean(), z.null()]);
const ordered = z.union([z.string().max(10_000), z.number()]);

const conditions = z.strictObject({
  $eq: scalar.optional(),
  $ne: scalar.optional(),
  $gt: ordered.optional(),
  $gte: ordered.optional(),
  $lt: ordered.optional(),
  $lte: ordered.optional(),
  $in: z.array(scalar).max(1000).optional(),
  $nin: z.array(scalar).max(1000).optional(),
  $exists: z.boolean().optional(),
});

const tagNames = opt(z.array(z.string().max(200).nullable()).max(200));

/** The filter as it is read; anything else in it is ignored, and said. */
export const collectionFilter = z.strictObject({
  tags: opt(z.strictObject({ $and: tagNames, $or: tagNames })),
  createTime: opt(
    z.strictObject({ $gte: opt(moment), $lte: opt(moment), $gt: opt(moment), $lt: opt(moment) }),
  ),
  metadata: opt(
    z.record(z.string().max(200), z.union([conditions, scalar])).refine((m) => Object.keys(m).length <= 50),
  ),
  collectionIds: opt(z.array(id()).max(10_000)),
  parentIds: opt(z.array(id()).max(10_000)),
});

export type CollectionFilter = z.output<typeof collectionFilter>;
/** What can be asked of one value of the metadata. */
export type MetadataConditions = z.output<typeof conditions>;
export type Scalar = z.output<typeof scalar>;

/** The filter as requests carry it: an object, or its text. */
export const filterInput = () => opt(z.union([z.string().max(100_000), z.record(z.string(), z.unknown())]));

export const filterText = {
  en: 'Narrows the search to collections, as an object or as JSON5 text. `tags`: `{"$and": ["a", "b"]}` needs all of these tags, `{"$or": ["c", null]}` any of them (`null` = without tags; with `$and`, `$or` is not looked at). `createTime`: `{"$gte": "2026-01-01", "$lte": "2026-12-31"}`. `metadata`: values by name, `{"lang": "de", "price": {"$gte": 10, "$lt": 20}, "draft": {"$ne": true}}` with `$eq`, `$ne`, `$gt`, `$gte`, `$lt`, `$lte`, `$in`, `$nin`, `$exists`; dates as `2026-01-31`, inner names with dots, of a list any entry. `collectionIds`: only in these collections or folders. Everything given must hold; a folder that matches stands for everything in it. At most 2,000 values of `metadata`; JSON5 that is no JSON at most 10,000 characters. What cannot be read of a filter is ignored while the rest holds, and `notice` says so.',
  zh: '将检索限定在部分集合内，可为对象或 JSON5 文本。`tags`：`{"$and": ["a", "b"]}` 须含全部标签，`{"$or": ["c", null]}` 含任一即可（`null` 表示没有标签；有 `$and` 时忽略 `$or`）。`createTime`：`{"$gte": "2026-01-01", "$lte": "2026-12-31"}`。`metadata`：按名称比较，如 `{"lang": "de", "price": {"$gte": 10, "$lt": 20}, "draft": {"$ne": true}}`，支持 `$eq`、`$ne`、`$gt`、`$gte`、`$lt`、`$lte`、`$in`、`$nin`、`$exists`；日期写作 `2026-01-31`，内层名称用点连接，列表中任一项符合即可。`collectionIds`：仅在这些集合或文件夹内。所有条件须同时满足；文件夹符合条件时代表其中全部内容。`metadata` 最多 2,000 个值；非 JSON 的 JSON5 文本最多 10,000 个字符。无法解析的部分会被忽略，其余条件仍然有效，并在 `notice` 中说明。',
};
