import { rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { build, defineConfig, type Plugin } from 'vite';

const here = import.meta.dirname;
const alias = { '@core': resolve(here, 'core') };

/** The loader is one plain script with a fixed name, so it is a build of its own. */
function loader(): Plugin {
  let out = '';
  return {
    name: 'loader',
    apply: 'build',
    configResolved(config) {
      out = resolve(config.root, config.build.outDir);
    },
    buildStart: () => rmSync(out, { recursive: true, force: true }),
    async closeBundle() {
      await build({
        configFile: false,
        logLevel: 'warn',
        publicDir: false,
        resolve: { alias },
        build: {
          outDir: out,
          emptyOutDir: false,
          target: 'es2020',
          lib: {
            entry: resolve(here, 'widget/loader/main.ts'),
            formats: ['iife'],
            name: 'parleyLoader',
            fileName: () => 'widget.js',
          },
        },
      });
    },
  };
}

export default defineConfig({
  root: resolve(here, 'widget'),
  base: '/w/',
  publicDir: false,
  plugins: [loader()],
  resolve: { alias },
  html: { cspNonce: '__CSP_NONCE__' },
  build: {
    outDir: resolve(here, 'dist/w'),
    emptyOutDir: false,
    assetsDir: 'assets',
    assetsInlineLimit: 0,
    target: 'es2022',
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rollupOptions: { input: resolve(here, 'widget/chat.html') },
  },
});
