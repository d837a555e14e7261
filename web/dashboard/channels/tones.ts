import type { Channel } from '@core/types.ts';
import type { Tone } from '@ui';

export const channelTones: Record<Channel['state'], Tone> = {
  active: 'ok',
  off: 'plain',
  gone: 'plain',
  reconnect_needed: 'bad',
};
