import { readdirSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { textsInTwo } from './texts.ts';

const here = import.meta.dirname;
const dist = resolve(here, 'dist');

/** Empties dist but for the committed placeholder, so that a build never changes a tracked file. */
function keepPlaceholder(): Plugin {
  return {
    name: 'keep-placeholder',
    apply: 'build',
    buildStart() {
      for (const name of readdirSync(dist)) {
        if (name !== 'index.html') rmSync(resolve(dist, name), { recursive: true, force: true });
      }
    },
  };
}

export default defineConfig({
  root: resolve(here, 'dashboard'),
  base: '/',
  publicDir: false,
  plugins: [textsInTwo(), react(), tailwindcss(), keepPlaceholder()],
  resolve: { alias: { '@core': resolve(here, 'core'), '@ui': resolve(here, 'ui') } },
  html: { cspNonce: '__CSP_NONCE__' },
  build: {
    outDir: dist,
    emptyOutDir: false,
    assetsDir: 'assets',
    assetsInlineLimit: 0,
    target: 'es2022',
    reportCompressedSize: false,
    rollupOptions: {
      input: resolve(here, 'dashboard/app.html'),
      output: {
        // What the first load needs comes in two files, not in fifty: gzip finds
        // more in one, and the vendors' changes less often than ours.
        codeSplitting: {
          groups: [
            { name: 'vendor', test: /node_modules/, tags: ['$initial'], priority: 2 },
            { name: 'base', tags: ['$initial'], priority: 1 },
          ],
        },
        chunkFileNames: (chunk) =>
          `assets/${chunk.facadeModuleId?.endsWith('?late') ? 'late-' : ''}[name]-[hash].js`,
      },
    },
  },
});
