/** What the file picker offers. The server tells a kind by what is inside, so other names may be tried. */
const read = ['pdf', 'docx', 'pptx', 'odt', 'xlsx', 'csv', 'tsv', 'html', 'htm', 'txt', 'md', 'json'];
const old = ['doc', 'xls', 'ppt'];
const programs = ['docm', 'xlsm', 'pptm', 'dotm', 'xltm'];
const tables = ['csv', 'tsv', 'xlsx', 'txt'];

export const largest = 25 * 1024 * 1024; // bytes
export const accepted = read.map((e) => `.${e}`).join(',');
export const acceptedTables = tables.map((e) => `.${e}`).join(',');
export const acceptedPairs = '.csv,.xlsx,.json';

export type FileKind = '' | 'faq' | 'catalogue';
export type Refusal = 'empty' | 'too_large' | 'old_format' | 'macro' | '';

const ending = (name: string): string => /\.([^./\\]+)$/.exec(name)?.[1]?.toLowerCase() ?? '';

/** What can be said against a file before it is sent; the server looks inside. */
export function refusal(file: { name: string; size: number }): Refusal {
  if (file.size === 0) return 'empty';
  if (file.size > largest) return 'too_large';
  const end = ending(file.name);
  if (old.includes(end)) return 'old_format';
  return programs.includes(end) ? 'macro' : '';
}

/** A name for a source: the file's without its ending, with spaces for the signs between words. */
export function nameOf(file: { name: string }): string {
  return file.name
    .replace(/\.[^.]+$/, '')
    .replace(/[_\s]+/g, ' ')
    .trim()
    .slice(0, 200);
}

/** One row of a price list, by column: its passage says "Name: Tray | Price: 12". */
export function cells(text: string): { column: string; value: string }[] {
  return text.split(' | ').map((part) => {
    const at = part.indexOf(': ');
    return at < 0 ? { column: '', value: part } : { column: part.slice(0, at), value: part.slice(at + 2) };
  });
}

/** The columns of some rows, in the order they first come. */
export function columnsOf(rows: { text: string }[]): string[] {
  return [...new Set(rows.flatMap((r) => cells(r.text).map((c) => c.column)))].filter(Boolean).slice(0, 8);
}
