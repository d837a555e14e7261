import { randomKey, upload } from './http.ts';
import { asProblem, type Problem } from './problem.ts';
import type { Attachment, Skills } from './types.ts';

export type UploadState = 'going' | 'ready' | 'failed' | 'refused';
/** Why a file is not even tried on this channel. */
export type Refusal = 'kind' | 'type' | 'size' | 'empty' | 'many';

export type Upload = {
  key: string;
  conversation_id: string;
  file: File;
  kind: Attachment['kind'];
  state: UploadState;
  /** From 0 to 1. */
  part: number;
  refusal: Refusal | null;
  /** Of `size`: the most bytes the channel takes. */
  most: number;
  error: Problem | null;
  /** The server's, once it is there. */
  id: string;
  /** An address of the picture in this browser, '' for other files. */
  preview: string;
};

export const mostFiles = 10;

type Take = Skills['files'][number];

function kindOf(mime: string): Attachment['kind'] {
  const family = mime.split('/')[0];
  return family === 'image' || family === 'video' || family === 'audio' ? family : 'file';
}

/** How a channel takes a file, or why it does not. */
export function taken(
  file: Pick<File, 'type' | 'size'>,
  takes: Take[],
): { kind: Attachment['kind']; refusal: Refusal | null; most: number } {
  const mime = file.type.split(';')[0]?.trim().toLowerCase() || 'application/octet-stream';
  const own = kindOf(mime);
  const fits = (r: Take) => r.types.length === 0 || r.types.includes(mime);
  const rules = [own, 'file'].flatMap((k) => takes.find((r) => r.kind === k) ?? []);
  const rule = rules.find(fits);
  if (file.size === 0) return { kind: own, refusal: 'empty', most: 0 };
  if (!rule) return { kind: own, refusal: rules.length ? 'type' : 'kind', most: 0 };
  return { kind: rule.kind, refusal: file.size > rule.max ? 'size' : null, most: rule.max };
}

type Sender = (
  form: FormData,
  onProgress: (part: number) => void,
  signal: AbortSignal,
) => Promise<Attachment>;
const send: Sender = (form, onProgress, signal) => upload<Attachment>('/media', form, onProgress, signal);

/** Files chosen for a message that is not sent yet. In memory only; nothing is tried that the channel would refuse. */
export class Uploads {
  private items: Upload[] = [];
  private readonly running = new Map<string, AbortController>();
  private readonly watchers = new Set<() => void>();
  private readonly send: Sender;

  constructor(sender: Sender = send) {
    this.send = sender;
  }

  readonly snapshot = (): Upload[] => this.items;

  readonly subscribe = (run: () => void): (() => void) => {
    this.watchers.add(run);
    return () => this.watchers.delete(run);
  };

  add(conversation: string, files: Iterable<File>, takes: Take[]): void {
    for (const file of files) {
      const before = this.items.filter((u) => u.conversation_id === conversation && u.state !== 'refused');
      const { kind, refusal, most } = taken(file, takes);
      const why = refusal ?? (before.length >= mostFiles ? 'many' : null);
      const picture = !why && kind === 'image';
      const one: Upload = {
        key: randomKey(),
        conversation_id: conversation,
        file,
        kind,
        state: why ? 'refused' : 'going',
        part: 0,
        refusal: why,
        most,
        error: null,
        id: '',
        preview: picture ? URL.createObjectURL(file) : '',
      };
      this.set([...this.items, one]);
      if (!why) void this.go(one);
    }
  }

  retry(key: string): void {
    const one = this.items.find((u) => u.key === key && u.state === 'failed');
    if (!one) return;
    this.patch(key, { state: 'going', part: 0, error: null });
    void this.go(one);
  }

  remove(key: string): void {
    this.running.get(key)?.abort();
    this.release(this.items.filter((u) => u.key === key));
    this.set(this.items.filter((u) => u.key !== key));
  }

  /** Takes out what is ready of a conversation; refused files go too. The previews are the caller's to release. */
  take(conversation: string): Upload[] {
    const mine = this.items.filter((u) => u.conversation_id === conversation);
    this.set(this.items.filter((u) => u.conversation_id !== conversation));
    return mine.filter((u) => u.state === 'ready');
  }

  /** Forgets everything of a conversation. */
  drop(conversation: string): void {
    for (const u of this.items.filter((x) => x.conversation_id === conversation)) this.remove(u.key);
  }

  private async go(u: Upload): Promise<void> {
    const stop = new AbortController();
    this.running.set(u.key, stop);
    const form = new FormData();
    form.set('conversation_id', u.conversation_id);
    form.set('file', u.file);
    try {
      const made = await this.send(form, (part) => this.patch(u.key, { part }), stop.signal);
      this.patch(u.key, { state: 'ready', part: 1, id: made.id });
    } catch (err) {
      if (!stop.signal.aborted) this.patch(u.key, { state: 'failed', error: asProblem(err) });
    } finally {
      this.running.delete(u.key);
    }
  }

  private release(items: Upload[]): void {
    for (const u of items) if (u.preview) URL.revokeObjectURL(u.preview);
  }

  private patch(key: string, change: Partial<Upload>): void {
    this.set(this.items.map((u) => (u.key === key ? { ...u, ...change } : u)));
  }

  private set(items: Upload[]): void {
    this.items = items;
    for (const run of this.watchers) run();
  }
}
