import { synonyms } from '@core/knowledge.ts';
import type { Synonyms } from '@core/types.ts';
import { spoken } from '@core/views.ts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Card, CardBody, Field, Select, Textarea, useToast } from '@ui';
import { type FormEvent, useState } from 'react';
import { Answered } from '../shell/page.tsx';
import { useCan } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import { Refused } from '../state/sending.tsx';
import { useAdding } from './form.tsx';
import { k } from './state.ts';
import { groupsOf, textOf } from './words.ts';

/** Words that mean the same to this business, language by language. */
export default function Words() {
  const { t, language: shown, format } = useText();
  const query = useQuery(k.synonyms());
  const [language, setLanguage] = useState<string>(shown);
  const all = query.data?.items ?? [];
  const known = all.find((s) => s.language === language);
  const offered = [...new Set([...all.map((s) => s.language), ...spoken])];
  return (
    <>
      <p className="mb-4 max-w-160 text-ink-3">{t('synonym.text')}</p>
      <Answered query={query}>
        <Card>
          <CardBody className="pt-4">
            <Field label={t('synonym.language')} className="max-w-72">
              <Select value={language} onChange={(e) => setLanguage(e.target.value)}>
                {offered.map((l) => {
                  const n = all.find((s) => s.language === l)?.groups.length ?? 0;
                  return (
                    <option key={l} value={l}>
                      {n ? `${format.language(l)} (${format.number(n)})` : format.language(l)}
                    </option>
                  );
                })}
              </Select>
            </Field>
            <Editor key={language} language={language} known={known} />
          </CardBody>
        </Card>
      </Answered>
    </>
  );
}

function Editor({ language, known }: { language: string; known: Synonyms | undefined }) {
  const { t } = useText();
  const may = useCan('knowledge.write');
  const client = useQueryClient();
  const say = useToast();
  const before = textOf((known?.groups ?? []).map((g) => g ?? []));
  const [text, setText] = useState(before);
  const { busy, send, at, rest } = useAdding('groups');
  const { groups, alone } = groupsOf(text);
  const submit = (e: FormEvent) => {
    e.preventDefault();
    if (alone) return;
    void send(async () => {
      await synonyms.set({ language, groups });
      await client.invalidateQueries({ queryKey: ['synonyms'] });
      say(t('app.saved'));
    });
  };
  return (
    <form className="flex flex-col gap-4" onSubmit={submit}>
      <Field
        label={t('synonym.groups')}
        hint={t('synonym.hint')}
        error={alone ? t('synonym.alone', { words: alone }) : at('groups')}
      >
        <Textarea
          rows={10}
          dir="auto"
          readOnly={!may}
          value={text}
          placeholder={t('synonym.example')}
          onChange={(e) => setText(e.target.value)}
        />
      </Field>
      <Refused text={rest} />
      {may ? (
        <div className="flex justify-end">
          <Button kind="primary" type="submit" busy={busy} disabled={!!alone || text === before}>
            {t('app.save')}
          </Button>
        </div>
      ) : null}
    </form>
  );
}
