import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { about, name, opt, text } from './fields.ts';

/** Largest picture of an avatar, in bytes. */
export const avatarMaxBytes = 2 << 20;

const exampleId = '68ad85a7463006c963790d01';
/** The smallest picture there is. */
const examplePicture = 'data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7';

/** Pictures of people, teams, apps and datasets. */
export const avatarEndpoints = {
  uploadImage: endpoint({
    method: 'POST',
    path: '/api/common/file/uploadImage',
    callers: ['session'],
    bodyLimit: 'text',
    tag: 'file',
    summary: { en: 'Upload an avatar', zh: '上传头像图片' },
    description: {
      en: 'Takes a picture of at most 2 MB written out as `data:image/…;base64,…` and answers its path. What it is, its content says (PNG, JPEG, GIF, WebP, BMP); SVG is refused, as it can hold scripts. Anybody who knows the path can see it. What nothing shows is deleted after a day; a member may have 50 such pictures.',
      zh: '接收以 `data:image/…;base64,…` 写出、不超过 2 MB 的图片，返回其路径。以内容判断格式（PNG、JPEG、GIF、WebP、BMP），不接受可能含脚本的 SVG。知道路径的人都能查看。未使用的图片一天后删除，每位成员最多 50 张。',
    },
    body: z.object({
      base64Img: text(10_000_000, 1).meta(about({ en: 'Data URL of the picture', zh: '图片的 Data URL' })),
    }),
    response: { kind: 'envelope', schema: z.string() },
    errors: ['notAPicture', 'bodyTooLarge', 'tooManyPictures'],
    example: { request: { base64Img: examplePicture }, response: `/api/system/img/${exampleId}.gif` },
  }),

  presignAvatar: endpoint({
    method: 'POST',
    path: '/api/common/file/presignAvatarPostUrl',
    callers: ['session'],
    tag: 'file',
    summary: { en: 'Get an address to upload an avatar to', zh: '获取头像上传地址' },
    description: {
      en: 'Answers a signed address of this server for one picture, good for 10 minutes: send the bytes there by `PUT` (or `POST`), then use `avatar` as the avatar.',
      zh: '返回本服务器用于上传一张图片的签名地址，10 分钟内有效：以 `PUT`（或 `POST`）发送图片内容，之后以 `avatar` 作为头像。',
    },
    body: z.object({ filename: name(500) }),
    response: {
      kind: 'envelope',
      schema: z.object({
        url: z.string(),
        key: z.string(),
        avatar: z.string(),
        headers: z.record(z.string(), z.string()),
        maxSize: z.number().int(),
      }),
    },
    errors: ['tooManyPictures'],
    example: {
      request: { filename: 'me.png' },
      response: {
        url: 'http://localhost:3000/api/common/file/upload/eyJ0ZWFtSWQiOiI2NzQz.c2lnbmF0dXJl',
        key: exampleId,
        avatar: `/api/system/img/${exampleId}`,
        headers: {},
        maxSize: avatarMaxBytes,
      },
    },
  }),

  readAvatar: endpoint({
    method: 'GET',
    path: '/api/system/img/{image}',
    callers: ['public'],
    tag: 'file',
    summary: { en: 'An avatar', zh: '头像图片' },
    description: {
      en: 'The picture as it was uploaded; an extension behind the id is ignored. A picture never changes under its path.',
      zh: '返回上传的图片；id 之后的扩展名会被忽略。同一路径的图片不会改变。',
    },
    params: z.object({ image: opt(text(100)) }),
    response: { kind: 'raw', schema: z.string(), contentType: 'image/png' },
    errors: ['fileNotFound'],
    example: { request: { image: `${exampleId}.gif` } },
  }),
} as const;
