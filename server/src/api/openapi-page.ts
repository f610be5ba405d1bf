import type { Lang } from '@lectern/contract/lang.ts';
import { framedPagePolicy } from '../kernel/page-policy.ts';
import type { RawAnswer } from './handler.ts';

const title = { en: 'Lectern API', zh: 'Lectern API 文档' };
const switchTo = {
  en: '<a href="/openapi?lang=zh">简体中文</a>',
  zh: '<a href="/openapi?lang=en">English</a>',
};

/** The page around the API reference; its scripts and everything they load come from this server. */
export function openapiPage(lang: Lang): RawAnswer {
  return {
    contentType: 'text/html; charset=utf-8',
    headers: { 'content-security-policy': framedPagePolicy, 'cache-control': 'no-cache' },
    body: `<!doctype html>
<html lang="${lang === 'zh' ? 'zh-CN' : 'en'}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title[lang]}</title>
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<style>html{background:light-dark(#fff,#0f0f0f)}.language{position:fixed;right:1rem;bottom:1rem;z-index:10;font:14px system-ui;background:#fff;border:1px solid #ccc;border-radius:6px;padding:.3rem .7rem}.language a{color:#174ea6;text-decoration:none}</style>
</head>
<body>
<div id="reference" data-lang="${lang}"></div>
<nav class="language">${switchTo[lang]}</nav>
<script src="/openapi/scalar.js"></script>
<script src="/openapi/start.js"></script>
</body>
</html>
`,
  };
}
