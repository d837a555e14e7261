import { safeUrl } from '@core/format.ts';
import type { Message } from '@core/types.ts';
import { Icon, type IconName } from '@ui';
import type { ReactNode } from 'react';
import { type T, useText } from '../state/i18n.ts';
import { Files } from './files.tsx';

type Extra = NonNullable<Message['extra']>;

/** What a message carries beside its text: files, a place, a card, a basket, where the person came from. */
export default function Carried({ m }: { m: Message }) {
  const { t } = useText();
  const x = m.extra;
  const of = (role: string) => m.attachments.filter((a) => a.role === role);
  const shown = [
    x?.forwarded ? <Line key="forwarded" icon="arrow" text={t('carried.forwarded')} /> : null,
    x?.referral || of('ad').length ? (
      <CameBy
        key="referral"
        x={x}
        files={<Files files={of('ad').filter((a) => a.state === 'ready')} small />}
      />
    ) : null,
    x?.story || of('story').length ? (
      <div key="story">
        <Line
          icon="camera"
          text={t(x?.story === 'reply' ? 'carried.story_reply' : 'carried.story_mention')}
        />
        <Files files={of('story')} small />
      </div>
    ) : null,
    <Files key="files" files={of('')} />,
    <Files key="share" files={of('share')} />,
    ...(x ? things(x, t) : []),
  ];
  return (
    <div className="flex flex-col items-start gap-1.5 empty:hidden [&:not(:last-child)]:mb-1.5">{shown}</div>
  );
}

function things(x: Extra, t: T): ReactNode[] {
  return [
    x.location ? <Place key="place" at={x.location} /> : null,
    ...x.cards.map((c) => <ContactCard key={`${c.name} ${c.phones[0]} ${c.emails[0]}`} c={c} />),
    x.order ? <Order key="order" order={x.order} /> : null,
    ...x.links.map((l) => <Shared key={`${l.kind} ${l.id} ${l.url}`} link={l} />),
    x.form ? <Form key="form" form={x.form} /> : null,
    x.what ? <Line key="what" icon="info" text={t('carried.unknown', { what: x.what })} /> : null,
    x.fault ? <Line key="fault" icon="info" text={x.fault} /> : null,
  ];
}

/** A small line that says what this is. */
function Line({ icon, text }: { icon: IconName; text: ReactNode }) {
  return (
    <p className="flex items-center gap-1.5 text-meta text-ink-3">
      <Icon name={icon} size={13} />
      <span>{text}</span>
    </p>
  );
}

function Sheet({ icon, title, children }: { icon: IconName; title: ReactNode; children?: ReactNode }) {
  return (
    <section className="w-full max-w-100 rounded-[10px] border border-line bg-sunken px-3 py-2">
      <h4 className="flex items-center gap-1.5 text-meta font-semibold text-ink-2">
        <Icon name={icon} size={14} />
        <span className="min-w-0 break-words">{title}</span>
      </h4>
      {children}
    </section>
  );
}

function Away({ href, children }: { href: string; children: ReactNode }) {
  return (
    <a
      href={href}
      target="_blank"
      rel="noreferrer noopener nofollow"
      className="inline-flex items-center gap-1 font-medium text-brand-ink underline underline-offset-2"
    >
      {children}
      <Icon name="away" size={12} />
    </a>
  );
}

function CameBy({ x, files }: { x: Extra | null; files: ReactNode }) {
  const { t } = useText();
  const r = x?.referral;
  const ad = !r || Boolean(r.ad) || /^ads?$/i.test(r.source ?? '');
  const product = r?.source === 'product';
  const url = safeUrl(r?.url ?? '');
  return (
    <Sheet
      icon={ad ? 'bolt' : product ? 'tag' : 'link'}
      title={t(ad ? 'carried.ad' : product ? 'carried.asks' : 'carried.link')}
    >
      {files}
      {r?.title ? (
        <p dir="auto" className="text-start break-words">
          {r.title}
        </p>
      ) : null}
      {r?.ref ? (
        <p className="text-meta text-ink-3">{product ? r.ref : t('carried.ref', { ref: r.ref })}</p>
      ) : null}
      {url ? <Away href={url}>{t('carried.open')}</Away> : null}
    </Sheet>
  );
}

function Place({ at }: { at: NonNullable<Extra['location']> }) {
  const { t, format } = useText();
  const spot = `${at.latitude}/${at.longitude}`;
  const map = `https://www.openstreetmap.org/?mlat=${at.latitude}&mlon=${at.longitude}#map=17/${spot}`;
  return (
    <Sheet icon="globe" title={at.name ? <bdi>{at.name}</bdi> : t('carried.place')}>
      {at.address ? (
        <p dir="auto" className="text-start break-words">
          {at.address}
        </p>
      ) : (
        <p className="num text-ink-2">
          {format.decimal(at.latitude, 5)}, {format.decimal(at.longitude, 5)}
        </p>
      )}
      <p className="flex flex-wrap gap-x-4">
        <Away href={map}>{t('carried.map')}</Away>
        {safeUrl(at.url ?? '') ? <Away href={safeUrl(at.url ?? '')}>{t('carried.open')}</Away> : null}
      </p>
    </Sheet>
  );
}

function ContactCard({ c }: { c: Extra['cards'][number] }) {
  const { t } = useText();
  return (
    <Sheet icon="user" title={t(c.own ? 'carried.own_card' : 'carried.card')}>
      <p className="font-medium">
        <bdi>{c.name}</bdi>
        {c.org ? (
          <span className="font-normal text-ink-3">
            {' '}
            · <bdi>{c.org}</bdi>
          </span>
        ) : null}
      </p>
      {[...c.phones, ...c.emails].map((value) => (
        <p key={value} dir="ltr" className="num text-start break-words text-ink-2">
          {value}
        </p>
      ))}
    </Sheet>
  );
}

function Order({ order }: { order: NonNullable<Extra['order']> }) {
  const { t, format } = useText();
  const rows = order.items.map((i, n) => ({ ...i, key: `${n} ${i.product}` }));
  return (
    <Sheet icon="bag" title={t('carried.order', { count: order.items.length })}>
      <table className="mt-0.5 w-full">
        <thead className="sr-only">
          <tr>
            <th scope="col">{t('carried.product')}</th>
            <th scope="col">{t('carried.quantity')}</th>
            <th scope="col">{t('carried.price')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((i) => (
            <tr key={i.key} className="border-t border-line first:border-0">
              <td dir="auto" className="py-1 pe-3 text-start break-all">
                {i.product}
              </td>
              <td className="num py-1 pe-3 text-end text-ink-3">×&nbsp;{format.number(i.quantity)}</td>
              <td className="num py-1 text-end whitespace-nowrap">
                {[i.price, i.currency].filter(Boolean).join(' ')}
              </td>
            </tr>
          ))}
        </tbody>
        {order.total ? (
          <tfoot>
            <tr className="border-t border-line font-semibold">
              <td colSpan={2} className="py-1 pe-3">
                {t('carried.total')}
              </td>
              <td className="num py-1 text-end whitespace-nowrap">
                {order.total} {order.currency}
              </td>
            </tr>
          </tfoot>
        ) : null}
      </table>
    </Sheet>
  );
}

const shared: Record<string, IconName> = { post: 'camera', reel: 'play', product: 'tag', page: 'link' };

function Shared({ link }: { link: Extra['links'][number] }) {
  const { t } = useText();
  const url = safeUrl(link.url ?? '');
  const kind = link.kind in shared ? (link.kind as 'post') : 'page';
  return (
    <Sheet icon={shared[kind] ?? 'link'} title={t(`shared.${kind}`)}>
      {link.title || link.id ? (
        <p dir="auto" className="text-start break-words">
          {link.title || link.id}
        </p>
      ) : null}
      {url ? <Away href={url}>{t('carried.open')}</Away> : null}
    </Sheet>
  );
}

function Form({ form }: { form: NonNullable<Extra['form']> }) {
  const { t } = useText();
  return (
    <Sheet icon="note" title={form.name ? <bdi>{form.name}</bdi> : t('carried.form')}>
      <dl className="mt-0.5">
        {form.answers.map((a) => (
          <div key={a.name} className="grid grid-cols-[minmax(0,2fr)_minmax(0,3fr)] gap-2 py-0.5">
            <dt dir="auto" className="text-start break-words text-ink-3">
              {a.name.replaceAll('_', ' ')}
            </dt>
            <dd dir="auto" className="text-start break-words">
              {a.value}
            </dd>
          </div>
        ))}
      </dl>
    </Sheet>
  );
}
