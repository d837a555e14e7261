// @vitest-environment node
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import openapiTS, { astToString, COMMENT_HEADER } from 'openapi-typescript';
import { expect, test } from 'vitest';

test('the types are those of the description of the API', async () => {
  const description = pathToFileURL(resolve(import.meta.dirname, '../../internal/api/openapi.json'));
  const fresh = COMMENT_HEADER + astToString(await openapiTS(description));
  const kept = readFileSync(resolve(import.meta.dirname, 'openapi.d.ts'), 'utf8');
  expect(fresh === kept, 'run: npm run api').toBe(true);
}, 30_000);
