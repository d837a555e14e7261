import { asProblem, type Problem } from '@core/problem.ts';
import type { T } from './i18n.ts';

const known = [
  'sign_in_failed',
  'https_needed',
  'permission',
  'setup_link',
  'password_short',
  'password_long',
  'password_common',
  'email_invalid',
  'name_missing',
  'role_wider',
  'password_wrong',
  'member_exists',
  'owner_needed',
  'last_owner',
  'own_account',
  'source_name_taken',
  'saved_reply_name_taken',
  'saved_too_long',
  'too_many_saved',
  'language_invalid',
  'name_too_long',
  'bad_url',
  'pair_incomplete',
  'pair_too_long',
  'confirm_over',
  'too_long',
  'too_large',
  'wrong_type',
  'empty',
  'no_text',
  'bad_time',
  'too_many_labels',
  'draft_not_found',
  'conversation_not_found',
  'channel_off',
  'reconnect_needed',
  'window_closed',
  'no_address',
  'no_automation',
  'app_missing',
  'code_used',
  'field_missing',
  'number_not_there',
  'not_entitled',
  'offer_not_found',
  'token_invalid',
  'token_expired',
  'permission_missing',
  'untold',
  'not_told',
  'no_measures',
  'states',
  'paper_changed',
  'review_removes',
  'internal',
] as const;

/** What went wrong, in the reader's words where we have them and the server's where not. */
export function problemText(t: T, err: unknown): string {
  const p: Problem = asProblem(err);
  if (p.status === 0) return t('error.unreachable');
  const code = known.find((k) => k === p.code);
  if (code) return t(`error.${code}`);
  const first = Object.values(p.fields)[0];
  const english = document.documentElement.lang === 'en';
  return (english && (first || p.detail)) || p.title || p.detail || t('error.unknown');
}
