import { type Incident, type IncidentsOf, incidents, type WholeIncident } from '@core/incidents.ts';
import { useQueryClient } from '@tanstack/react-query';
import type { Tone } from '@ui/chip.tsx';
import { useCan } from '../state/desk.tsx';

const fresh = { staleTime: 0 }; // no event tells of an incident

export const incidentsKey = (of: IncidentsOf) => ['incidents', of] as const;
export const incidentQuery = (of: IncidentsOf, id: string) => ({
  queryKey: [...incidentsKey(of), 'one', id],
  queryFn: ({ signal }: { signal: AbortSignal }) => incidents(of).get(id, { signal }),
  ...fresh,
});
export const drillQuery = (of: IncidentsOf) => ({
  queryKey: [...incidentsKey(of), 'drill'],
  queryFn: ({ signal }: { signal: AbortSignal }) => incidents(of).drill({ signal }),
  ...fresh,
});

/** What is done with an incident: what the server answers is shown at once. */
export function useActs(of: IncidentsOf, id: string) {
  const client = useQueryClient();
  return async (run: Promise<WholeIncident>) => {
    client.setQueryData(incidentQuery(of, id).queryKey, await run);
    void client.invalidateQueries({ queryKey: incidentsKey(of), predicate: (x) => x.queryKey[2] !== 'one' });
  };
}

export function useMay(of: IncidentsOf): boolean {
  return useCan(of === 'install' ? 'instance.incidents' : 'incident.write');
}

const tones: Record<Incident['state'], Tone> = {
  open: 'warn',
  assessing: 'warn',
  notified: 'brand',
  not_notifiable: 'brand',
  closed: 'plain',
};
export const toneOf = (i: Incident): Tone => tones[i.state];
export const waits = (i: Incident) => i.state === 'open' || i.state === 'assessing';

const hour = 3_600_000;
/** Whole hours until the authority must have been told; negative when that is over. */
export const hoursLeft = (i: Incident, now: Date) =>
  i.due_at ? Math.floor((Date.parse(i.due_at) - now.getTime()) / hour) : 0;

/** What holds of each fact. */
export const factsOf = (w: WholeIncident): Record<string, string> =>
  Object.fromEntries(w.facts.map((f) => [f.name, f.text]));

/** A moment as the browser's own field for one wants it. */
export function localTime(when: Date): string {
  const at = new Date(when.getTime() - when.getTimezoneOffset() * 60_000);
  return at.toISOString().slice(0, 16);
}
