import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Built by `scripts/build-web.ts`; what the server serves lies in `web/dist`. */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: {
    outDir: join(import.meta.dirname, 'dist'),
    emptyOutDir: true,
    // the bundle budget is counted from it
    manifest: true,
    target: 'es2024',
    // a data: address in a style sheet would have to be allowed by the content security policy
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // the first load is bounded by a test, gzipped; this bound is before that
    chunkSizeWarningLimit: 1_000,
  },
});
