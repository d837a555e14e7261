import { request } from './http.ts';
import type { Schemas } from './types.ts';

type Signal = { signal?: AbortSignal };
export type SavedBackup = Schemas['SavedBackup'];
export type SavedBackups = Schemas['SavedBackups'];

/** What was saved of an install, newest first, and of which kind nothing young is there. */
export const backups = {
  list: (cursor: string, o: Signal = {}) =>
    request<SavedBackups>('/instance/backups', { query: { limit: 100, cursor }, ...o }),
};
