import { members } from '@core/api.ts';

/** What each role may do, as the server has it. */
export const rolesQuery = {
  queryKey: ['roles'],
  queryFn: ({ signal }: { signal: AbortSignal }) => members.roles({ signal }),
};
