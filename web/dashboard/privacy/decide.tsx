import { cases, type WholeCase } from '@core/cases.ts';
import { useToast } from '@ui';
import { useText } from '../state/i18n.ts';
import { useCaseActs } from './case.tsx';
import { Say } from './say.tsx';

/** Answers a request as done; the letter says so by itself, with the authority one may complain to. */
export function Decide({ c }: { c: WholeCase }) {
  const { t } = useText();
  const say = useToast();
  const take = useCaseActs(c.id);
  return (
    <Say
      label={t('request.answer_words')}
      hint={t('request.answer_hint')}
      action={t('request.answer')}
      optional
      onSay={async (text) => {
        await take(cases.answer(c.id, text));
        say(t('request.answered'));
      }}
    />
  );
}
