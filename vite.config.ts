import react from '@vitejs/plugin-react';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const inRoot = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The page for patrons and the dock of the demo, as plain files for any shell to serve. */
export default defineConfig({
  root: inRoot('src/renderer'),
  base: './',
  plugins: [react()],
  build: {
    outDir: inRoot('dist/renderer'),
    emptyOutDir: true,
    target: 'chrome114',
    cssTarget: 'chrome114',
    // The content security policy knows no data: addresses and no inline script.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { input: [inRoot('src/renderer/index.html'), inRoot('src/renderer/dock.html')] },
  },
});
