import { session } from '@core/api.ts';
import type { Schemas } from '@core/types.ts';
import { useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { Button } from '@ui';
import { useState } from 'react';
import { useText } from '../state/i18n.ts';
import { Refused, useSending } from '../state/sending.tsx';
import { dropsCookie, Outside, PlainHttp } from './frame.tsx';

type Kind = 'sign_in' | 'verify' | 'address';

/**
 * A mailed link that asks for nothing more: it signs in, or confirms an address.
 * A press spends it, because mail programs open links by themselves.
 */
export function OpenLink({ token, link }: { token: string; link: Schemas['MailedLink'] }) {
  const { t } = useText();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { busy, send, rest } = useSending();
  const [confirmed, setConfirmed] = useState(false);
  const kind = link.kind as Kind;
  const spend = () =>
    void send(async () => {
      const { signed_in } = await session.openLink(token);
      // A used token has no business in the address.
      window.history.replaceState(window.history.state, '', window.location.pathname);
      client.clear();
      if (signed_in) await navigate({ to: '/', replace: true });
      else setConfirmed(true);
    });
  if (confirmed) {
    return (
      <Outside title={t('letter.confirmed')} text={t('letter.confirmed_text', { email: link.email })}>
        <Link to="/" className="font-semibold text-brand-ink underline underline-offset-2">
          {t('letter.go_on')}
        </Link>
      </Outside>
    );
  }
  return (
    <Outside
      title={t(`letter.${kind}_title`, { workspace: link.workspace })}
      text={t(`letter.${kind}_text`, { email: link.email, workspace: link.workspace })}
    >
      <div className="flex flex-col gap-4">
        {dropsCookie(window.location) ? <PlainHttp /> : null}
        <Refused text={rest} />
        <Button kind="primary" busy={busy} className="h-10!" onClick={spend}>
          {t(`letter.${kind}_do`)}
        </Button>
      </div>
    </Outside>
  );
}
