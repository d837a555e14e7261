import { type Kept, retention } from '@core/kept.ts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Banner, Button, Dialog, ErrorState, Field, Icon, Input, Skeleton, useToast } from '@ui';
import { type FormEvent, type ReactNode, useEffect, useId, useState } from 'react';
import { problemText } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import { Refused, useSending } from '../state/sending.tsx';
import { keptKey } from './state.ts';
import { isShorter } from './terms.tsx';

const longest = 20 * 365; // of a rule whose table names no end
const pause = 250; // ms after the last key before it is counted

/** What a value came to rest at. */
function useRested<V>(value: V): V {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), pause);
    return () => clearTimeout(timer);
  }, [value]);
  return rested;
}

/** What the next sweep would end if a rule had these days; undefined where the days are none. */
function useTried(k: Kept, days: number | undefined) {
  const rested = useRested(days);
  const query = useQuery({
    queryKey: [...keptKey, 'tried', k.rule, rested],
    queryFn: ({ signal }) => retention.tried(k.rule, rested ?? 0, { signal }),
    enabled: rested !== undefined,
    staleTime: 0,
    gcTime: 0,
    retry: false,
  });
  const over = query.data?.items.find((x) => x.rule === k.rule)?.over;
  const here = rested === days;
  return { error: here ? query.error : null, over: here ? over : undefined, again: query.refetch };
}

/** Changes how long something is kept, after a look at what that ends. */
export default function Term({ k, onClose }: { k: Kept; onClose: () => void }) {
  const { t, format } = useText();
  const say = useToast();
  const client = useQueryClient();
  const { busy, send, rest } = useSending();
  const was = isShorter(k) ? k.days : 0;
  const [shorter, setShorter] = useState(was > 0);
  const [text, setText] = useState(was ? String(was) : '');
  const [sureOf, setSureOf] = useState<number>();
  const most = k.most_days ? k.most_days - 1 : longest;
  const typed = /^\d{1,5}$/.test(text.trim()) ? Number(text) : Number.NaN;
  const fits = typed >= 1 && typed <= most;
  const days = !shorter ? 0 : fits ? typed : undefined;
  const tried = useTried(k, days);
  const sure = days !== undefined && sureOf === days;
  const same = days === was;
  const ready = !same && tried.over !== undefined && (tried.over === 0 || sure);
  const submit = (e: FormEvent) => {
    e.preventDefault();
    if (!ready || days === undefined) return;
    void send(async () => {
      client.setQueryData(keptKey, await retention.set(k.rule, days));
      say(t('kept.saved'));
      onClose();
    });
  };
  const name = t(`kept.name.${k.rule}`);
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('kept.change_title', { name })}
      text={t(`kept.what.${k.rule}`)}
      closeLabel={t('app.close')}
    >
      <form className="flex flex-col gap-4" onSubmit={submit} noValidate>
        <fieldset className="flex flex-col gap-2">
          <legend className="sr-only">{t('kept.here')}</legend>
          <Way on={!shorter} onChoose={() => setShorter(false)}>
            {k.most_days ? t('kept.longest', { count: k.most_days }) : t('kept.longest_always')}
          </Way>
          <Way on={shorter} onChoose={() => setShorter(true)}>
            {t('kept.shorter')}
          </Way>
        </fieldset>
        {shorter ? (
          <Field
            label={t('kept.how_many')}
            hint={k.most_days ? t('kept.never_longer', { count: k.most_days }) : t('kept.holds_stay')}
            error={text && !fits ? t('kept.out_of_range', { most: format.number(most) }) : undefined}
          >
            <Input
              inputMode="numeric"
              autoComplete="off"
              maxLength={5}
              value={text}
              onChange={(e) => setText(e.target.value)}
              className="max-w-28"
            />
          </Field>
        ) : null}
        {days === undefined ? null : (
          <Ends k={k} tried={tried} same={same}>
            <Sure on={sure} onChange={(on) => setSureOf(on ? days : undefined)} />
          </Ends>
        )}
        <Refused text={rest} />
        <div className="flex justify-end gap-2">
          <Button kind="ghost" onClick={onClose}>
            {t('app.cancel')}
          </Button>
          <Button
            kind={tried.over && !same ? 'danger' : 'primary'}
            type="submit"
            busy={busy}
            disabled={!ready}
          >
            {days === undefined
              ? t('app.save')
              : days
                ? t('kept.keep', { count: days })
                : t('kept.keep_longest')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function Way({ on, onChoose, children }: { on: boolean; onChoose: () => void; children: ReactNode }) {
  return (
    <label className="flex cursor-pointer items-center gap-2.5 rounded-medium border border-line px-3 py-2 has-checked:border-brand has-checked:bg-brand-soft phone:min-h-11">
      <input
        type="radio"
        name="way"
        checked={on}
        onChange={onChoose}
        className="size-4 flex-none accent-brand phone:size-5"
      />
      {children}
    </label>
  );
}

type Tried = ReturnType<typeof useTried>;

/** What this would end, before it is set. */
function Ends({ k, tried, same, children }: { k: Kept; tried: Tried; same: boolean; children: ReactNode }) {
  const { t } = useText();
  if (tried.error) {
    return (
      <ErrorState title={t('kept.not_counted')} text={problemText(t, tried.error)}>
        <Button icon="refresh" onClick={() => void tried.again()}>
          {t('app.again')}
        </Button>
      </ErrorState>
    );
  }
  if (tried.over === undefined) {
    return (
      <div role="status" className="flex h-[38px] items-center">
        <span className="sr-only">{t('kept.counting')}</span>
        <Skeleton className="h-3.5 w-2/3" />
      </div>
    );
  }
  if (tried.over === 0 || same) {
    return (
      <p role="status" className="flex min-h-[38px] items-center gap-2 text-ink-2">
        <Icon name={same ? 'info' : 'check'} className="flex-none" />
        {same ? t('kept.as_now') : t('kept.ends_none')}
      </p>
    );
  }
  return (
    <>
      <Banner tone="bad" icon="trash" box>
        {t(`kept.ends.${k.rule}`, { count: tried.over })}
      </Banner>
      {children}
    </>
  );
}

function Sure({ on, onChange }: { on: boolean; onChange: (on: boolean) => void }) {
  const { t } = useText();
  const id = useId();
  return (
    <div className="flex items-start gap-2.5">
      <input
        id={id}
        type="checkbox"
        checked={on}
        onChange={(e) => onChange(e.target.checked)}
        className="mt-0.5 size-4 flex-none accent-bad phone:size-5"
      />
      <label htmlFor={id}>{t('kept.sure')}</label>
    </div>
  );
}
