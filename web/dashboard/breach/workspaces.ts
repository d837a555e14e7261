import { request } from '@core/http.ts';
import type { Page, Schemas } from '@core/types.ts';

/** The workspaces of an install, by name, for its operator. */
export const workspaces = (o: { signal?: AbortSignal }) =>
  request<Page<Schemas['InstanceWorkspace']>>('/instance/workspaces', o);
