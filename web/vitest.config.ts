import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';

const here = import.meta.dirname;

export default defineConfig({
  resolve: { alias: { '@core': resolve(here, 'core'), '@ui': resolve(here, 'ui') } },
  test: {
    environment: 'jsdom',
    include: ['{core,ui,dashboard,widget}/**/*.test.{ts,tsx}'],
    setupFiles: [resolve(here, 'test-setup.ts')],
    restoreMocks: true,
  },
});
