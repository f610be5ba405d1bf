import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { about, opt } from './fields.ts';

const language = z.object({
  lang: opt(z.enum(['en', 'zh'])).meta(
    about({
      en: 'Language of the texts; absent = by Accept-Language.',
      zh: '文本语言；省略则按 Accept-Language。',
    }),
  ),
});

/** The documentation of itself, and the entrance. */
export const systemEndpoints = {
  apiRoot: endpoint({
    method: 'GET',
    path: '/api',
    callers: ['public'],
    tag: 'system',
    summary: { en: 'What this server is', zh: '服务器信息' },
    description: {
      en: 'The base URL for programs written for FastGPT. Answers what is here and where the documentation is.',
      zh: '为 FastGPT 编写的程序所用的基础地址，返回服务器信息与文档位置。',
    },
    response: {
      kind: 'envelope',
      schema: z.object({
        name: z.literal('Lectern'),
        version: z.string(),
        baseUrl: z.string(),
        docs: z.string(),
        openapi: z.string(),
        message: z.string(),
      }),
    },
    example: {
      response: {
        name: 'Lectern',
        version: '0.1.0',
        baseUrl: 'http://localhost:3000/api',
        docs: 'http://localhost:3000/openapi',
        openapi: 'http://localhost:3000/openapi.json',
        message: 'Use this address as base URL, with "Authorization: Bearer fastgpt-…".',
      },
    },
  }),
  openapiDocument: endpoint({
    method: 'GET',
    path: '/openapi.json',
    aliases: [
      { method: 'GET', path: '/api/apidoc/systemopenapi.json' },
      { method: 'GET', path: '/api/apidoc/devapi.json' },
    ],
    callers: ['public'],
    tag: 'system',
    summary: { en: 'OpenAPI document', zh: 'OpenAPI 文档' },
    description: {
      en: 'Every endpoint of the running version, OpenAPI 3.1, made from the declarations that serve them.',
      zh: '运行版本的全部接口（OpenAPI 3.1），由接口声明直接生成。',
    },
    query: language,
    response: { kind: 'raw', schema: z.unknown(), contentType: 'application/json' },
    example: { request: { lang: 'en' } },
  }),
  openapiPage: endpoint({
    method: 'GET',
    path: '/openapi',
    aliases: [
      { method: 'GET', path: '/apidoc' },
      { method: 'GET', path: '/apidoc/systemopenapi' },
      { method: 'GET', path: '/apidoc/devapi' },
    ],
    callers: ['public'],
    tag: 'system',
    summary: { en: 'Documentation page', zh: '文档页面' },
    description: {
      en: 'The documentation as a page to read and try. It loads nothing from any other host.',
      zh: '可阅读与试用的文档页面，不从任何其他主机加载内容。',
    },
    query: language,
    response: { kind: 'raw', schema: z.string(), contentType: 'text/html' },
    example: { request: { lang: 'en' } },
  }),
};
