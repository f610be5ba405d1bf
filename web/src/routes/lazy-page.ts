import { lazyRouteComponent } from '@tanstack/react-router';
import { NotLoaded } from '../ui/not-loaded.ts';

/**
 * A screen that loads when it is first opened. Where it cannot be loaded, the screen of errors says so: by itself the
 * router would load the whole page anew, and a server that is away would leave nothing but the browser's own error.
 */
export const lazyPage: typeof lazyRouteComponent = (load, name) =>
  lazyRouteComponent(
    () =>
      load().catch((cause: unknown) => {
        throw new NotLoaded(cause);
      }),
    name,
  );
