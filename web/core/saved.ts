/** What a saved reply may name, and what is known of it: '' leaves a gap. */
export type Known = { 'contact.name': string; 'member.name': string; business: string };
export type Variable = keyof Known;
export const variables: Variable[] = ['contact.name', 'member.name', 'business'];
/** The words for each, as text keys. */
export const variableText = {
  'contact.name': 'saved.contact_name',
  'member.name': 'saved.member_name',
  business: 'saved.business',
} as const;

const mark = /\{\{\s*([a-z.]+)\s*\}\}/g;

/** The text with its variables filled in; what is not known stands as ‹words›, which must not be sent. */
export function fill(body: string, known: Known, word: (v: Variable) => string): string {
  return body.replace(mark, (whole, name: string) => {
    const variable = variables.find((v) => v === name);
    if (!variable) return whole;
    // What a contact calls themselves is text, and never a gap.
    return known[variable].trim().replace(/[‹›]/g, '') || `‹${word(variable)}›`;
  });
}

/** Names in double braces that stand for nothing. */
export function strangers(body: string): string[] {
  return [...body.matchAll(/\{\{([^{}\n]{0,40})\}\}/g)]
    .map((m) => (m[1] ?? '').trim())
    .filter((name) => !variables.some((v) => v === name));
}
