import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { compress } from './plugins/compress.ts';
import { contractRoutes } from './plugins/contract-routes.ts';
import { mantineStyles } from './plugins/mantine-styles.ts';
import { pdfFiles } from './plugins/pdf-files.ts';

/*
 * What every screen needs goes into one file, and what many share into another: dozens of small ones compress worse and
 * are each a request. `npm run bench -- --only k` shows what becomes of the first load.
 */
const shared = [
  {
    name: 'vendor',
    test: /node_modules[\\/](react|react-dom|scheduler|@tanstack[\\/](?!react-virtual|virtual-core)[\w-]+|i18next|react-i18next|use-sync-external-store|clsx)[\\/]/,
  },
  {
    name: 'frame',
    test: /node_modules[\\/](@mantine|@floating-ui|@tabler|react-remove-scroll|react-transition-group)|web[\\/]src[\\/](ui|api|i18n|app)/,
    minShareCount: 14,
  },
];

export default defineConfig({
  plugins: [react(), contractRoutes(), mantineStyles(), pdfFiles(), compress()],
  build: {
    outDir: 'dist',
    target: 'es2023',
    // light-dark() as it is: what older browsers would need instead does not follow the scheme of the page.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    // Fonts and pictures stay files: the page's policy takes them from this server, and they are cached for good.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { output: { codeSplitting: { groups: shared } } },
  },
  // `npm run dev:console`: the console from its sources, over a server that runs already.
  server: {
    port: 3001,
    proxy: {
      '^/(api|openapi|metrics)': { target: process.env.LECTERN_URL ?? 'http://localhost:3000' },
    },
  },
});
