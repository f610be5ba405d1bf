import { z } from 'zod';
import { about, opt, parentId } from './fields.ts';

/** What the routes share that answer the path of folders to an object. */
export const folderPath = {
  description: {
    en: 'The folders from the root down to `sourceId`, that one last (`type=current`, the default) or left out (`type=parent`). Without an id: the root, which has no path.',
    zh: '从根目录到 `sourceId` 的各级文件夹，默认（`type=current`）包含其自身，`type=parent` 时不包含。未提供 id 时为根目录，返回空列表。',
  },
  query: z.object({
    sourceId: parentId(),
    parentId: parentId().meta(about({ en: 'Older name of `sourceId`.', zh: '`sourceId` 的旧名称。' })),
    type: opt(z.enum(['current', 'parent'])),
  }),
  response: {
    kind: 'envelope',
    schema: z.array(z.object({ parentId: z.string(), parentName: z.string() })),
  },
} as const;
