import { z } from 'zod';
import type { Text } from './lang.ts';

/*
 * The scalar fields of the wire (ruling 4): lenient where FastGPT's clients are, strict where injection starts.
 * Numbers and booleans may come as strings, names and ids may come as numbers; objects and arrays where a scalar
 * belongs are refused by the inner schema.
 */

/** What is wrong with a value where zod has no words of its own; the English text stands in the schema. */
export const messages = {
  id: { en: 'must be an id of 24 hexadecimal characters', zh: '必须是 24 位十六进制 id' },
  time: { en: 'must be a date such as 2026-01-31T08:00:00Z', zh: '必须是日期，例如 2026-01-31T08:00:00Z' },
} as const satisfies Record<string, Text>;

/** What a field means, in both languages, for its `.meta()`. */
export const about = (text: Text) => ({ description: text.en, 'x-zh': text.zh });

/** How many there are of what the texts name. */
export const count = (en: string, zh: string) => z.number().int().meta(about({ en, zh }));

const numberFromText = (v: unknown) =>
  typeof v === 'string' && v.trim() !== '' && Number.isFinite(Number(v)) ? Number(v) : v;
const booleanFromText = (v: unknown) =>
  v === 'true' || v === '1' || v === 1 ? true : v === 'false' || v === '0' || v === 0 ? false : v;
const textFromNumber = (v: unknown) => (typeof v === 'number' || typeof v === 'bigint' ? String(v) : v);

/** A number or a numeric text. */
export const num = (inner: z.ZodNumber = z.number()) => z.preprocess(numberFromText, inner);
/** A whole number within bounds. */
export const int = (min = 0, max = Number.MAX_SAFE_INTEGER) => num(z.number().int().min(min).max(max));
/** A boolean or `"true"`, `"false"`, `1`, `0`. */
export const bool = () => z.preprocess(booleanFromText, z.boolean());
/** A text of at most `max` characters; a number is taken as its text. */
export const text = (max = 10_000_000, min = 0) => z.preprocess(textFromNumber, z.string().min(min).max(max));
/** A name: 1 to 200 characters after trimming. */
export const name = (max = 200) =>
  z.preprocess((v) => (typeof v === 'string' ? v.trim() : textFromNumber(v)), z.string().min(1).max(max));
/** The avatar of an app or dataset: a picture that the caller uploaded, or what FastGPT's clients send. */
export const icon = () =>
  text(100_000).meta(
    about({
      en: 'Path of a picture that you uploaded (`/api/system/img/…`), or the name or relative path of an icon, kept as it is. Addresses of other servers are refused',
      zh: '您上传的图片路径（`/api/system/img/…`），或原样保存的图标名称、相对路径。不接受其他服务器的地址',
    }),
  );
/** A time in milliseconds as ISO 8601 text; what is no time stays, so that the inner schema refuses it. */
export const timeText = (v: unknown) =>
  typeof v === 'number' && Math.abs(v) <= 8.64e15 ? new Date(v).toISOString() : v;
/** An id of 24 lower-case hexadecimal characters. */
export const id = () =>
  z.preprocess(
    (v) => (typeof v === 'string' ? v.toLowerCase() : textFromNumber(v)),
    z.string().regex(/^[0-9a-f]{24}$/, messages.id.en),
  );
/** A file that was uploaded before, in place of one in the form. */
export const uploadedFile = () =>
  opt(id()).meta(
    about({
      en: 'A file that was uploaded before (`presignDatasetFilePostUrl`), in place of `file`; it is taken over, so that its id is good for this once.',
      zh: '此前上传的文件（`presignDatasetFilePostUrl`），代替 `file`；文件将被接管，其 id 仅可使用一次。',
    }),
  );
/** The same for several. */
export const uploadedFiles = (most: number) =>
  opt(z.array(id()).min(1).max(most)).meta(
    about({
      en: 'Files that were uploaded before (`presignDatasetFilePostUrl`), in place of `file`, in this order; they are taken over, so that their ids are good for this once.',
      zh: '此前上传的文件（`presignDatasetFilePostUrl`），代替 `file`，按此顺序；文件将被接管，其 id 仅可使用一次。',
    }),
  );
/** An optional field: `null` means absent. */
export const opt = <T extends z.ZodType>(inner: T) =>
  z.preprocess((v) => (v === null ? undefined : v), inner.optional());
/** When an object was read, for changes that must not write over somebody else's; refused with changedMeanwhile. */
export const ifUpdateTime = () =>
  opt(z.preprocess(timeText, z.iso.datetime({ offset: true, error: messages.time.en }))).meta(
    about({
      en: 'The `updateTime` of what this change was made from. If it has another by now, nothing is changed (409). Absent = whatever is there is overwritten.',
      zh: '修改所依据内容的 `updateTime`。若现已不同，则不做任何修改（409）。省略则直接覆盖现有内容。',
    }),
  );
/** Who changed something last. */
export const updatedBy = () =>
  z
    .object({ tmbId: z.string(), name: z.string() })
    .nullable()
    .meta(
      about({
        en: 'The member who changed it last; null = nobody has since it was made, or the server itself did',
        zh: '最后修改的成员；null 表示创建后无人修改，或由系统修改',
      }),
    );
/** An optional field with a default: `null` means absent. */
export const withDefault = <T extends z.ZodType>(inner: T, value: z.output<T>) =>
  z
    .preprocess((v) => (v === null ? undefined : v), inner.default(value as never))
    .meta({ default: value as never });
/** `parentId`: absent stays absent, `null` and `""` are the root. */
export const parentId = () =>
  z.preprocess((v) => (v === '' ? null : v), z.union([z.null(), id()]).optional());
/** `offset` and `pageSize` or `pageNum` as FastGPT pages (spec 0.2); resolve with {@link pageOf}. */
export const paging = (maxSize = 100) => ({
  offset: opt(int()),
  pageNum: opt(int(1)),
  pageSize: opt(int(1, maxSize)),
});

/** The window of a paged request: a non-zero `offset` wins over `pageNum`. */
export function pageOf(
  input: { offset?: number | undefined; pageNum?: number | undefined; pageSize?: number | undefined },
  defaultSize = 10,
): { offset: number; limit: number } {
  const limit = input.pageSize ?? defaultSize;
  return { limit, offset: input.offset || ((input.pageNum ?? 1) - 1) * limit };
}
