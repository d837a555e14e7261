import type { Source, SourcePage } from '@core/types.ts';
import type { IconName, Tone } from '@ui';
import type { T } from '../state/i18n.ts';

/** What can be chosen to add. */
export const ways = ['file', 'page', 'site', 'faq', 'catalogue', 'profile', 'text'] as const;
export type Way = (typeof ways)[number];

export const wayIcons: Record<Way, IconName> = {
  file: 'upload',
  page: 'globe',
  site: 'link',
  faq: 'chat',
  catalogue: 'bag',
  profile: 'clock',
  text: 'note',
};

const kindIcons: Record<Source['kind'], IconName> = {
  ...wayIcons,
  file: 'file',
  markdown: 'file',
  replies: 'bolt',
};
export const kindIcon = (s: Source): IconName => kindIcons[s.kind];

const formats = ['pdf', 'docx', 'pptx', 'odt', 'xlsx', 'csv', 'html'] as const;

/** What a source is, in words: a file by its format. */
export function kindText(s: Source, t: T): string {
  const format = formats.find((f) => f === s.format);
  return s.kind === 'file' && format ? t(`knowledge.format.${format}`) : t(`knowledge.kind.${s.kind}`);
}

export const isWeb = (s: Source): boolean => s.kind === 'page' || s.kind === 'site';

/** Something of it is still to come. */
export const isBusy = (s: Source): boolean =>
  s.state === 'queued' || s.state === 'reading' || s.crawl?.running === true;

const states: Record<Source['state'], { tone: Tone; icon?: IconName }> = {
  queued: { tone: 'plain', icon: 'clock' },
  reading: { tone: 'brand' },
  ready: { tone: 'ok', icon: 'check' },
  failed: { tone: 'bad', icon: 'alert' },
};

/** What a source is at. One that is read again is being read, and answers meanwhile. */
export function stateOf(s: Source): { state: Source['state']; tone: Tone; icon?: IconName } {
  const state = s.crawl?.running ? 'reading' : s.state;
  return { state, ...states[state] };
}

export const reasons = [
  'empty',
  'too_large',
  'wrong_type',
  'password',
  'no_text_layer',
  'macro',
  'old_format',
  'damaged',
  'archive_bomb',
  'too_many_pages',
  'too_slow',
  'built_without_pdf',
  'columns_unknown',
  'reader_died',
  'no_text',
  'pair_incomplete',
  'pair_too_long',
] as const;

export const pageReasons = [
  'robots',
  'redirect',
  'redirect_outside',
  'not_found',
  'refused_by_site',
  'address_refused',
  'server_error',
  'too_slow',
  'unreachable',
  'robots_unreachable',
  'too_large',
  'wrong_type',
  'sitemap',
  'no_sitemap',
  'empty',
  'damaged',
  'noindex',
  'canonical',
  'duplicate',
  'no_text',
  'source_full',
] as const;

/** Why a source could not be read, and what to do. */
export function reasonText(s: Source, t: T): string {
  if (isWeb(s)) {
    const page = pageReasons.find((r) => r === s.reason);
    return page ? `${t(`knowledge.page_reason.${page}`)} ${t('knowledge.page_help')}` : t('knowledge.failed');
  }
  const known = reasons.find((r) => r === s.reason);
  return known ? t(`knowledge.reason.${known}`) : t('knowledge.failed');
}

export function pageReasonText(p: SourcePage, t: T): string {
  const known = pageReasons.find((r) => r === p.reason);
  return known ? t(`knowledge.page_reason.${known}`) : p.reason;
}

/** How far a reading is: of how many, and how many went wrong. `of` 0: nobody knows. */
export type Progress = { done: number; of: number; failed: number; part: number | undefined };

export function progressOf(s: Source): Progress | undefined {
  if (!isBusy(s)) return undefined;
  const { crawl } = s;
  const [done, of, failed] = crawl?.running
    ? [crawl.done, crawl.found, crawl.failed]
    : [s.pages_done, s.pages, 0];
  return { done, of, failed, part: of > 0 ? Math.min(1, done / of) : undefined };
}

/** What a reading is at, in a few words. */
export function progressText(s: Source, t: T): string {
  const p = progressOf(s);
  if (!p) return '';
  if (p.of > 0) {
    const far = t('knowledge.pages_done', { n: p.done, all: p.of });
    return p.failed ? `${far}, ${t('knowledge.pages_failed', { count: p.failed })}` : far;
  }
  return s.state === 'queued' && !s.crawl?.running
    ? t('knowledge.waiting')
    : t(`knowledge.stage.${s.stage || 'opening'}`);
}

/** When it was last read. */
export const readAt = (s: Source): string => s.crawl?.finished_at || s.updated_at;

export const shows = ['all', 'busy', 'failed', 'stale', 'held'] as const;
export type Show = (typeof shows)[number];

export function stands(s: Source, show: Show): boolean {
  if (show === 'busy') return isBusy(s);
  if (show === 'failed') return s.state === 'failed';
  if (show === 'stale') return s.crawl?.stale === true;
  if (show === 'held') return !!s.held;
  return true;
}

/** The sources of a kind of list whose name or address holds some words. */
export function found(all: Source[], show: Show, words: string, language: string): Source[] {
  const wanted = words.trim().toLocaleLowerCase(language);
  return all.filter(
    (s) => stands(s, show) && (!wanted || `${s.name}\n${s.url}`.toLocaleLowerCase(language).includes(wanted)),
  );
}
