import type { App } from '../context.ts';
import { ensureRoot, type RootAccount } from '../users/ensure-root.ts';
import { type Demo, makeDemo } from './make-demo.ts';

/** What the start message tells. `demo` and a password are there at the first start only. */
export interface FirstRun {
  root: RootAccount;
  demo?: Demo;
}

/**
 * Makes the team and root on an empty directory, and the demo unless it is switched off. A demo that fails is
 * logged and left out: the password must reach the operator in any case.
 */
export async function firstRun(app: App): Promise<FirstRun> {
  const root = await ensureRoot(app);
  if (!root.created || !app.config.demo) return { root };
  try {
    return { root, demo: await makeDemo(app, root.caller) };
  } catch (thrown) {
    app.log.error({ err: thrown }, 'the demo could not be made; everything else works');
    return { root };
  }
}
