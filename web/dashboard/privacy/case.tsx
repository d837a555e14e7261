import { cases, type WholeCase } from '@core/cases.ts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Banner, Card, CardBody, Chip, Field, Icon, Select } from '@ui';
import { Answered } from '../shell/page.tsx';
import { useCan, useTry } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import { q } from '../state/queries.ts';
import { Lines } from './lines.tsx';
import { Due } from './list.tsx';
import { LawField } from './newcase.tsx';
import { caseQuery, casesKey, stateText, toneOf, waits } from './state.ts';
import { Steps } from './steps.tsx';

/** What is done with a case: what the server answers is shown at once. */
export function useCaseActs(id: string) {
  const client = useQueryClient();
  return async (run: Promise<WholeCase>) => {
    client.setQueryData(caseQuery(id).queryKey, await run);
    void client.invalidateQueries({ queryKey: casesKey, predicate: (x) => x.queryKey[1] !== 'one' });
  };
}

/** One request, from who asks to the answer. */
export default function OneCase({ id }: { id: string }) {
  const { t } = useText();
  const query = useQuery(caseQuery(id));
  const c = query.data;
  return (
    <>
      <Link
        to="/data-rights/{-$tab}/{-$id}"
        params={{ tab: 'requests', id: undefined }}
        className="mb-3 inline-flex items-center gap-1.5 font-medium text-ink-2 hover:text-ink"
      >
        <Icon name="left" />
        {t('request.back')}
      </Link>
      <Answered query={query}>{c ? <Whole c={c} /> : null}</Answered>
    </>
  );
}

function Whole({ c }: { c: WholeCase }) {
  const { t, format } = useText();
  const may = useCan('case.write') && waits(c);
  const p = c.person;
  return (
    <>
      <Card title={c.words}>
        <CardBody>
          <div className="flex flex-wrap items-center gap-1.5">
            <Chip tone={toneOf(c)}>{t(stateText(c))}</Chip>
            <Due c={c} />
            {p?.extended_at ? <Chip>{t('request.extended')}</Chip> : null}
            {p?.agent ? (
              <Chip tone={p.agent_checked ? 'ok' : 'warn'}>
                {t(p.agent_checked ? 'request.agent_checked' : 'request.agent_asks')}
              </Chip>
            ) : null}
            <span className="num text-ink-3">
              {[
                t('request.no', { no: c.id }),
                t('request.asked_at', { when: format.full(c.opened_at) }),
                waits(c) ? t('request.due_at', { when: format.full(c.due_at) }) : '',
                p ? t(`request.door.${p.door as 'page'}`) : '',
              ]
                .filter(Boolean)
                .join(' · ')}
            </span>
          </div>
          {may ? <Ruled c={c} /> : null}
          {c.status_path ? (
            <p className="text-ink-3">
              {t('request.status_page')}{' '}
              <a
                href={c.status_path}
                target="_blank"
                rel="noopener noreferrer"
                className="font-medium text-brand-ink underline underline-offset-2"
              >
                {t('request.status_open')}
              </a>
            </p>
          ) : null}
        </CardBody>
      </Card>
      {p ? <Steps c={c} p={p} /> : <Banner box>{t('request.by_program')}</Banner>}
      <Lines c={c} />
    </>
  );
}

/** By which law it runs, and who works on it. */
function Ruled({ c }: { c: WholeCase }) {
  const { t } = useText();
  const attempt = useTry();
  const take = useCaseActs(c.id);
  const people = useQuery({ ...q.members(), enabled: useCan('member.read') }).data?.items ?? [];
  const change = (json: Parameters<typeof cases.change>[1]) =>
    void attempt(() => take(cases.change(c.id, json)));
  return (
    <div className="grid grid-cols-2 gap-3 phone:grid-cols-1">
      <LawField value={c.person?.law} onChange={(law) => change({ law })} />
      {people.length ? (
        <Field label={t('request.assignee')}>
          <Select
            value={c.person?.assignee_id || '0'}
            onChange={(e) => change({ assignee_id: e.target.value })}
          >
            <option value="0">{t('request.nobody')}</option>
            {people.map((m) => (
              <option key={m.id} value={m.id}>
                {m.name}
              </option>
            ))}
          </Select>
        </Field>
      ) : null}
    </div>
  );
}
