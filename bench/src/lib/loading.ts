import type { Page, Request } from 'playwright-core';

/** Follows what a page loads; answers how to wait for the end of it: a third of a second without any, at most 15. */
export function loadingOf(page: Page): () => Promise<void> {
  const pending = new Set<Request>();
  let last = performance.now();
  const ended = (request: Request) => {
    pending.delete(request);
    last = performance.now();
  };
  page.on('request', (request) => {
    if (!request.url().includes('/jobs/events')) pending.add(request);
    last = performance.now();
  });
  page.on('requestfinished', ended);
  page.on('requestfailed', ended);
  return async () => {
    for (const limit = performance.now() + 15_000; performance.now() < limit; ) {
      if (pending.size === 0 && performance.now() - last > 330) return;
      await page.waitForTimeout(50);
    }
  };
}
