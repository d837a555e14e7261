import { contacts } from '@core/api.ts';
import { key } from '@core/merge.ts';
import type { Schemas } from '@core/types.ts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Switch } from '@ui';
import { useTry } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';

type Flags = Schemas['ContactRestrictions'];
const flags = ['no_automation', 'objected', 'limit_sensitive', 'limited', 'restricted', 'frozen'] as const;

/** What may not be done with what is held of a person. */
export default function Limits({ contact }: { contact: string }) {
  const { t } = useText();
  const client = useQueryClient();
  const attempt = useTry();
  const at = [...key.contact(contact), 'restrictions'];
  const { data } = useQuery({
    queryKey: at,
    queryFn: ({ signal }) => contacts.restrictions(contact, { signal }),
    staleTime: 0,
  });
  if (!data) return null;
  const set = (part: Partial<Flags>) =>
    void attempt(async () => client.setQueryData<Flags>(at, await contacts.restrict(contact, part)));
  return (
    <fieldset className="flex flex-col gap-3 rounded-medium border border-line px-3.5 py-3">
      <legend className="px-1 font-medium">{t('request.limits')}</legend>
      {flags.map((f) => {
        const all = f === 'limited' && data.workspace_limited;
        return (
          <Switch
            key={f}
            label={t(`request.flag.${f}`)}
            hint={all ? t('person.limited_all') : t(`request.flag_text.${f}`)}
            on={all || data[f]}
            disabled={all}
            onChange={(on) => set({ [f]: on })}
          />
        );
      })}
    </fieldset>
  );
}
