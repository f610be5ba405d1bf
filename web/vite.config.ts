import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { compress } from './plugins/compress.ts';
import { contractRoutes } from './plugins/contract-routes.ts';
import { pruneStyles } from './plugins/prune-styles.ts';

export default defineConfig({
  plugins: [react(), contractRoutes(), pruneStyles(), compress()],
  // Fonts and pictures stay files: the page's policy takes them from this server, and they are cached for good.
  build: { outDir: 'dist', target: 'es2023', assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  // `npm run dev:console`: the console from its sources, over a server that runs already.
  server: {
    port: 3001,
    proxy: {
      '^/(api|openapi|metrics)': { target: process.env.LECTERN_URL ?? 'http://localhost:3000' },
    },
  },
});
