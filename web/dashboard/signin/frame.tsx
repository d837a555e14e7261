import { Banner } from '@ui';
import type { ReactNode } from 'react';
import { Logo } from '../shell/nav.tsx';
import { useText } from '../state/i18n.ts';
import { usePrefs } from '../state/prefs.tsx';

/** The page one sees before one is somebody. */
export function Outside({ title, text, children }: { title: string; text: string; children?: ReactNode }) {
  const { language } = useText();
  const { choose } = usePrefs();
  const other = language === 'tr' ? 'en' : 'tr';
  return (
    <main className="flex min-h-full flex-col items-center justify-center gap-5 px-4 py-10">
      <div className="w-full max-w-[380px] rounded-xl border border-line bg-surface p-7 shadow-2 phone:border-0 phone:bg-transparent phone:p-2 phone:shadow-none">
        <div className="mb-6 flex items-center gap-2.5 text-title weight-650">
          <Logo size={30} /> Parley
        </div>
        <h1 className="text-page tracking-[-0.015em] weight-650">{title}</h1>
        <p className="mt-1 mb-6 text-ink-3">{text}</p>
        {children}
      </div>
      <button
        type="button"
        lang={other}
        onClick={() => choose({ language: other })}
        className="rounded-small px-2 py-1 text-ink-3 underline underline-offset-2 hover:text-ink"
      >
        {other === 'tr' ? 'Türkçe' : 'English'}
      </button>
    </main>
  );
}

/** Says why a sign-in would not hold here, and how to mend it. */
export function PlainHttp() {
  const { t } = useText();
  return (
    <Banner tone="warn" icon="lock" box className="mb-4 items-start!">
      <p className="font-semibold">{t('signin.http')}</p>
      <p>{t('signin.http_text')}</p>
    </Banner>
  );
}

const loopback = /^(localhost|127(\.\d+){3}|\[::1\]|.*\.localhost)$/;

/** True where the browser will drop the sign-in cookie: plain http, and not this machine. */
export function dropsCookie(place: { protocol: string; hostname: string }): boolean {
  return place.protocol === 'http:' && !loopback.test(place.hostname);
}
