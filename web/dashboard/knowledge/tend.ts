import { key } from '@core/merge.ts';
import { useQueryClient } from '@tanstack/react-query';
import { useToast } from '@ui';
import { useTry } from '../state/desk.tsx';

/** One change of a passage; every list of its source is asked for again. */
export function useTend() {
  const client = useQueryClient();
  const attempt = useTry();
  const say = useToast();
  return async (p: { source_id: string }, run: () => Promise<unknown>, done: string): Promise<boolean> => {
    const ok = await attempt(async () => {
      await run();
      void client.invalidateQueries({ queryKey: key.findings });
      await client.invalidateQueries({ queryKey: key.passages(p.source_id) });
      return true;
    });
    if (ok) say(done);
    return ok === true;
  };
}
