import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const executablePath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
const found = existsSync(executablePath);
if (!found)
  console.warn(`no Chromium at ${executablePath}: the tests of the pages are skipped (set CHROMIUM_PATH)`);

/** Whether tests that need a browser are left out. In CI a missing browser is a failure: nothing is skipped there. */
export const browserMissing = !found && !process.env.CI;

/** The system's Chromium, without a window and without anything that calls home. */
export const launchBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
    ],
  });
