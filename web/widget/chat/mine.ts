/** Opens the page of what is held about the visitor: the token goes there in a body, never in an address. */
export function openMine(key: string, visit: string, locale: string): void {
  const form = document.createElement('form');
  const token = document.createElement('input');
  const action = `/w/${encodeURIComponent(key)}/mine?l=${locale}`;
  Object.assign(form, { method: 'post', action, target: '_blank', rel: 'noopener' });
  Object.assign(token, { type: 'hidden', name: 'token', value: visit });
  form.append(token);
  document.body.append(form);
  form.submit();
  form.remove();
}
