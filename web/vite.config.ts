import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { compress } from './plugins/compress.ts';
import { contractRoutes } from './plugins/contract-routes.ts';
import { leanMantine } from './plugins/lean-mantine.ts';
import { mantineStyles } from './plugins/mantine-styles.ts';
import { pdfFiles } from './plugins/pdf-files.ts';

/** Parts of Mantine that lie over a screen or scroll in it: nothing of them is needed before it is shown. */
const overlays =
  'Combobox|Drawer|Floating|FocusTrap|Menu|Modal|ModalBase|MultiSelect|Overlay|Popover|Portal|Select|Tooltip|Transition';
const mantine = String.raw`@mantine[\\/]core[\\/]esm[\\/]`;
const inMantine = (parts: string) => String.raw`${mantine}(components|utils)[\\/](${parts})[\\/]`;

/*
 * What every screen needs goes into one file, and what many share into a few others: dozens of small ones compress
 * worse and are each a request. A group takes along what its modules need, unless one before it has it.
 * `npm run bench -- --only k` shows what becomes of the first load, and e2e/console/first-load.test.ts keeps it small.
 */
const shared = [
  {
    name: 'vendor',
    test: /node_modules[\\/](react|react-dom|scheduler|@tanstack[\\/](?!react-virtual|virtual-core)[\w-]+|i18next|react-i18next(?!.*Trans)|use-sync-external-store|clsx)[\\/]/,
  },
  {
    name: 'frame',
    test: new RegExp(
      String.raw`@mantine[\\/]hooks|${mantine}core|(?!.*${inMantine(`${overlays}|FloatingIndicator|Pill|PillsInput|SegmentedControl|Table|\\w*ScrollArea`)})${mantine}|web[\\/]src[\\/](ui|api|i18n|app)`,
    ),
    minShareCount: 18,
  },
  // What is around the screens, whole.
  { name: 'shell', test: /web[\\/]src[\\/]app[\\/]shell\.tsx$/ },
  { name: 'icons', test: /@tabler[\\/]icons-react/, minShareCount: 3 },
  // Small things that what follows would take along, and with it what needs one of them.
  { name: 'basis', test: /core[\\/]esm[\\/]core[\\/]utils|ScrollArea[\\/]utils|use-mutation-observer/ },
  { name: 'scroll-area', test: new RegExp(inMantine('ScrollArea')) },
  // What darkens what lies below: the area where files are dropped has it, too, and no more.
  { name: 'overlay', test: new RegExp(inMantine('LoadingOverlay|Overlay|Portal|Transition')) },
  { name: 'overlays', test: new RegExp(`@floating-ui|${inMantine(overlays)}`), minShareCount: 6 },
];

export default defineConfig({
  plugins: [react(), contractRoutes(), mantineStyles(), leanMantine(), pdfFiles(), compress()],
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
