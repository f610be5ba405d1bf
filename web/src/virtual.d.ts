declare module 'virtual:contract-routes' {
  import type { ClientRoute } from '@lectern/contract/client.ts';

  export const routes: Record<string, ClientRoute>;
}

declare module 'virtual:pdf-files' {
  /** What the addresses of pdf.js' own files begin with. */
  export const pdfFiles: string;
}
