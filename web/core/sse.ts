export type Frame = { id: string; event: string; data: string };

/** Splits a text/event-stream into frames; keeps what is cut off for the next chunk. */
export class FrameReader {
  private rest = '';
  private id = '';
  private event = '';
  private data: string[] = [];
  private afterCR = false;

  push(chunk: string): Frame[] {
    let text = chunk;
    // "\r\n" may be cut between two chunks; its second half is no line of its own.
    if (this.afterCR && text.startsWith('\n')) text = text.slice(1);
    this.afterCR = text.endsWith('\r');
    const lines = (this.rest + text).split(/\r\n|\n|\r/);
    this.rest = lines.pop() ?? '';
    const frames: Frame[] = [];
    for (const line of lines) {
      const frame = this.line(line);
      if (frame) frames.push(frame);
    }
    return frames;
  }

  private line(line: string): Frame | undefined {
    if (line === '') {
      const frame = { id: this.id, event: this.event || 'message', data: this.data.join('\n') };
      const empty = this.data.length === 0 && this.event === '';
      this.event = '';
      this.data = [];
      this.id = '';
      return empty ? undefined : frame;
    }
    if (line.startsWith(':')) return undefined;
    const at = line.indexOf(':');
    const name = at < 0 ? line : line.slice(0, at);
    let value = at < 0 ? '' : line.slice(at + 1);
    if (value.startsWith(' ')) value = value.slice(1);
    if (name === 'id') this.id = value;
    else if (name === 'event') this.event = value;
    else if (name === 'data') this.data.push(value);
    return undefined;
  }
}
