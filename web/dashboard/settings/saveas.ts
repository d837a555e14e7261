/** Hands somebody a file that this page made or was given. */
export function saveAs(name: string, file: Blob): void {
  const at = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = at;
  link.download = name;
  link.click();
  URL.revokeObjectURL(at);
}
