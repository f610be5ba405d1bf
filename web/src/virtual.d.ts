declare module 'virtual:contract-routes' {
  import type { ClientRoute } from '@lectern/contract/client.ts';

  export const routes: Record<string, ClientRoute>;
}
