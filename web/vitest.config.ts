import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';
import { textsInTwo } from './texts.ts';

const here = import.meta.dirname;

export default defineConfig({
  plugins: [textsInTwo()],
  resolve: { alias: { '@core': resolve(here, 'core'), '@ui': resolve(here, 'ui') } },
  test: {
    environment: 'jsdom',
    include: ['{core,ui,dashboard,widget}/**/*.test.{ts,tsx}'],
    setupFiles: [resolve(here, 'test-setup.ts')],
    restoreMocks: true,
    // One document for all files of a worker: a new jsdom for each took most of the time.
    isolate: false,
    // A limit for what hangs, not for what is slow: beside the other lanes a test of a second can
    // take ten, and five are the default.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
