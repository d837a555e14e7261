import type { T } from '../state/i18n.ts';

const vendors = ['openai', 'anthropic', 'compatible'] as const;

/** A vendor by the name one knows it by. */
export function vendorName(name: string, t: T): string {
  const known = vendors.find((x) => x === name);
  return known ? t(`agent.vendor.${known}`) : name;
}
