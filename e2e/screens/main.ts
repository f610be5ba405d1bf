/*
 * `npm run screens [-- --only chat,datasets] [--to DIR]`: makes a picture of every screen of the console in both
 * languages and both colours, from a server of its own with the content of a small company, into docs/screens.
 */
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Lang } from '@lectern/contract/lang.ts';
import { type ConsoleWorld, openConsole, type Visitor } from '../lib/console.ts';
import { fillServer, sessionOf } from './content.ts';
import { phone, type Shot, shots } from './shots.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    to: { type: 'string', default: resolve(import.meta.dirname, '../../docs/screens') },
    phone: { type: 'boolean', default: false },
  },
});
const wanted = values.only?.split(',').map((name) => name.trim());
const chosen = shots.filter((shot) => !wanted || wanted.some((name) => shot.name.startsWith(name)));
const folder = values.to;
const viewport = values.phone ? phone : { width: 1280, height: 800 };

async function take({ page, settled }: Visitor, shot: Shot, path: string, file: string): Promise<void> {
  await page.setViewportSize(shot.phone ? phone : viewport);
  await page.goto(path);
  await settled();
  await shot.prepare?.(page);
  await settled();
  await page.evaluate('document.fonts.ready');
  await page.screenshot({ path: join(folder, file), animations: 'disabled', caret: 'hide' });
}

async function takeAll(world: ConsoleWorld, lang: Lang): Promise<void> {
  const content = await fillServer(await sessionOf(world.server.url, world.password, lang), lang);
  for (const dark of [false, true]) {
    const visitor = await world.visit({ lang, dark, viewport, path: '/account' });
    const stranger = await world.visit({ lang, dark, viewport });
    for (const shot of chosen) {
      const file = `${shot.name}-${lang}-${dark ? 'dark' : 'light'}.png`;
      await take(shot.loggedOut ? stranger : visitor, shot, shot.path(content), file);
      process.stdout.write(`${file}\n`);
    }
    for (const problem of [...visitor.complaints, ...visitor.outside])
      process.stdout.write(`  ! ${problem}\n`);
  }
}

mkdirSync(folder, { recursive: true });
for (const lang of ['en', 'zh'] as const) {
  const world = await openConsole();
  try {
    await takeAll(world, lang);
  } finally {
    await world.close();
  }
}
