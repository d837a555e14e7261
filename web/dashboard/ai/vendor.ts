import type { T } from '../state/i18n.ts';

const vendors = ['openai', 'anthropic', 'compatible'] as const;

/** Why a call of a vendor's model brought nothing, as the server says it. */
export const failures = [
  'key',
  'quota',
  'busy',
  'timeout',
  'refused',
  'bad_request',
  'too_long',
  'broken',
  'network',
  'server',
  'no_dpa',
  'keeps_long',
  'not_allowed',
] as const;

/** A vendor by the name one knows it by. */
export function vendorName(name: string, t: T): string {
  const known = vendors.find((x) => x === name);
  return known ? t(`agent.vendor.${known}`) : name;
}
