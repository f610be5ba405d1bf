import { z } from 'zod';
import { about, opt, text } from './fields.ts';

/** An address of the web, as long as browsers take one. */
export const webAddress = () => text(4000, 1);

/** The system that the files of an API dataset come from (spec 2.10). */
export const apiDatasetServer = z.object({
  apiServer: opt(
    z.object({
      baseUrl: webAddress().meta(
        about({
          en: 'Address before `/v1/file/list`; http or https. A private one has to be trusted by root (with `reach` "all") first.',
          zh: '`/v1/file/list` 之前的地址，http 或 https。内网地址须先由 root 设为可信。',
        }),
      ),
      authorization: opt(text(4000)).meta(
        about({
          en: 'Sent as `Authorization: Bearer …`; stored encrypted and never shown again. Left out, the one that is stored stays.',
          zh: '以 `Authorization: Bearer …` 发送；加密保存，不再显示。省略则保留已保存的值。',
        }),
      ),
      basePath: opt(text(1000)).meta(
        about({ en: 'Id of the folder where the files begin.', zh: '文件起始目录的 id。' }),
      ),
    }),
  ),
  feishuServer: opt(z.record(z.string(), z.unknown())).meta(
    about({ en: 'Not available.', zh: '暂不支持。' }),
  ),
  yuqueServer: opt(z.record(z.string(), z.unknown())).meta(about({ en: 'Not available.', zh: '暂不支持。' })),
});

/** A website that a dataset is kept in step with. */
export const websiteConfig = z.object({
  url: webAddress().meta(
    about({
      en: 'Where to begin; only pages of the same host are read. http or https.',
      zh: '起始地址，仅抓取同一主机的页面；http 或 https。',
    }),
  ),
  selector: opt(text(500)).meta(
    about({ en: 'CSS selector of what is wanted of each page.', zh: '每个页面所需部分的 CSS 选择器。' }),
  ),
});
