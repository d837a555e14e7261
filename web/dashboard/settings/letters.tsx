import { type MyLetter, myLetters } from '@core/mine.ts';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Card, CardBody, Chip, Icon, Row } from '@ui';
import { More } from '../shell/more.tsx';
import { Answered } from '../shell/page.tsx';
import { useText } from '../state/i18n.ts';

const tone = { waiting: undefined, sent: 'ok', failed: 'bad' } as const;

/** What was mailed to oneself: so that a letter nobody asked for is noticed, and a lost one too. */
export default function Letters() {
  const { t } = useText();
  const query = useInfiniteQuery({
    queryKey: ['my-letters'],
    queryFn: ({ pageParam, signal }) => myLetters(pageParam, { signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next || undefined,
    staleTime: 0,
  });
  const all = query.data?.pages.flatMap((p) => p.items) ?? [];
  return (
    <Answered query={query}>
      <Card title={t('mine.letters')} text={t('mine.letters_text')}>
        {all.length === 0 ? (
          <CardBody>
            <p className="text-ink-3">{t('mine.no_letters')}</p>
          </CardBody>
        ) : null}
        <ul>
          {all.map((l) => (
            <LetterRow key={l.id} l={l} />
          ))}
        </ul>
        <More query={query} />
      </Card>
    </Answered>
  );
}

function LetterRow({ l }: { l: MyLetter }) {
  const { t, format } = useText();
  return (
    <li>
      <Row
        start={<Icon name="file" className="text-ink-3" />}
        title={l.subject}
        text={[t(`mine.category_${l.category}`), format.full(l.sent_at ?? l.created_at)].join(' · ')}
        end={
          <Chip tone={tone[l.state]} className="flex-none">
            {t(`mine.state_${l.state}`)}
          </Chip>
        }
      />
    </li>
  );
}
