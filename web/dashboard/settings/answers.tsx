import { workspace } from '@core/api.ts';
import { key } from '@core/merge.ts';
import type { Workspace } from '@core/types.ts';
import { spoken } from '@core/views.ts';
import { useQueryClient } from '@tanstack/react-query';
import { Button, Card, CardBody, Field, Input, useToast } from '@ui';
import { type FormEvent, useState } from 'react';
import { useCan } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import { Refused, useSending } from '../state/sending.tsx';

const longest = 60; // seconds

/** In which languages the AI answers, and how long it waits for another line. */
export function Answers({ ws }: { ws: Workspace }) {
  const { t, format } = useText();
  const may = useCan('workspace.write');
  const client = useQueryClient();
  const say = useToast();
  const { busy, send, at, rest } = useSending('burst_ms', 'languages');
  const [chosen, setChosen] = useState(ws.languages);
  const [burst, setBurst] = useState(String(ws.burst_ms / 1000));
  const seconds = burst.trim() === '' ? Number.NaN : Number(burst.replace(',', '.'));
  const wrong = !(seconds >= 0 && seconds <= longest);
  const burst_ms = Math.round(seconds * 1000);
  const same = chosen.length === ws.languages.length && chosen.every((l) => ws.languages.includes(l));
  const dirty = !same || burst_ms !== ws.burst_ms;
  const offered = [...spoken, ...ws.languages.filter((l) => !spoken.includes(l))];
  const toggle = (l: string, on: boolean) =>
    // In the order of the list, so that the same choice is the same value.
    setChosen(offered.filter((x) => (x === l ? on : chosen.includes(x))));
  const save = (e: FormEvent) => {
    e.preventDefault();
    if (wrong) return;
    void send(async () => {
      const next = await workspace.change({
        ...(same ? {} : { languages: chosen }),
        ...(burst_ms === ws.burst_ms ? {} : { burst_ms }),
      });
      client.setQueryData<Workspace>(key.workspace, next);
      setBurst(String(next.burst_ms / 1000));
      await client.invalidateQueries({ queryKey: key.me });
      say(t('app.saved'));
    });
  };
  return (
    <Card title={t('settings.answers')} text={t('settings.answers_text')}>
      <CardBody>
        <form className="flex flex-col gap-4" onSubmit={save}>
          <fieldset disabled={!may} className="flex min-w-0 flex-col gap-4">
            <fieldset aria-describedby="languages-hint" className="min-w-0">
              <legend className="mb-1.5 font-medium">{t('settings.languages')}</legend>
              <div className="grid grid-cols-[repeat(auto-fill,minmax(132px,1fr))] gap-x-3 gap-y-1.5">
                {offered.map((l) => (
                  <label key={l} className="flex items-center gap-2 phone:min-h-9">
                    <input
                      type="checkbox"
                      checked={chosen.includes(l)}
                      onChange={(e) => toggle(l, e.target.checked)}
                      className="size-4 flex-none accent-brand phone:size-5"
                    />
                    {format.language(l)}
                  </label>
                ))}
              </div>
              <p id="languages-hint" className="mt-1.5 text-meta text-ink-3">
                {t('settings.languages_text')}
              </p>
            </fieldset>
            <Field
              label={t('settings.burst')}
              hint={t('settings.burst_text')}
              error={wrong ? t('settings.burst_wrong') : at('burst_ms')}
            >
              <Input
                inputMode="decimal"
                value={burst}
                onChange={(e) => setBurst(e.target.value)}
                className="max-w-24"
              />
            </Field>
          </fieldset>
          <Refused text={rest} />
          {may ? (
            <Button
              kind="primary"
              type="submit"
              busy={busy}
              disabled={!dirty || wrong}
              className="self-start"
            >
              {t('app.save')}
            </Button>
          ) : null}
        </form>
      </CardBody>
    </Card>
  );
}
