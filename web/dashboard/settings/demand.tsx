import { demand } from '@core/factors.ts';
import type { Schemas } from '@core/types.ts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Card, CardBody, Segmented } from '@ui';
import { useCan, useTry } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';

type Demand = Schemas['SecondFactor']['demand'];
const demands: Demand[] = ['nobody', 'admins', 'everyone'];
const query = {
  queryKey: ['second-factor'],
  queryFn: ({ signal }: { signal: AbortSignal }) => demand.get({ signal }),
  staleTime: 0,
};

/** Of whom a second step is demanded; it holds from each member's next request on. */
export function DemandCard() {
  const { t } = useText();
  const client = useQueryClient();
  const attempt = useTry();
  const may = useCan('workspace.write');
  const { data } = useQuery(query);
  if (!data) return null;
  const choose = (to: Demand) =>
    void attempt(async () => client.setQueryData(query.queryKey, await demand.set(to)));
  return (
    <Card title={t('factor.demand')} text={t('factor.demand_text')}>
      <CardBody className="items-start">
        <Segmented
          label={t('factor.demand')}
          value={data.demand}
          disabled={!may}
          onChange={choose}
          choices={demands.map((d) => ({ value: d, label: t(`factor.demand_${d}`) }))}
        />
        {data.install !== 'nobody' ? (
          <p className="text-ink-3">{t(`factor.install_${data.install}`)}</p>
        ) : null}
      </CardBody>
    </Card>
  );
}
