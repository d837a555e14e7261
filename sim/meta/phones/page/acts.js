// What a customer can send beside text, per channel: [word, icon, act].
const picture = (kind = 'image') => ({ pick: 'image/png,image/jpeg', kind })
const common = [
  ['picture', 'image', picture()],
  ['sample', 'image', { kind: 'image' }],
]
export const sheet = {
  instagram: [
    ...common,
    ['album', 'image', { kind: 'images' }],
    ['mention', 'at', { kind: 'story_mention' }],
    ['storyReply', 'story', { kind: 'story_reply', text: '😍' }],
    ['post', 'reply', { kind: 'post_share' }],
    ['reel', 'film', { kind: 'reel' }],
    ['ephemeral', 'flame', { kind: 'ephemeral' }],
    ['postback', 'tap', { kind: 'postback' }],
    ['ad', 'ad', { kind: 'ad', say: 'ask2' }],
    ['unknown', 'help', { kind: 'unknown' }, 'odd'],
    ['unsupported', 'help', { kind: 'unsupported' }, 'odd'],
  ],
  messenger: [
    ...common,
    ['file', 'file', { kind: 'file' }],
    ['video', 'film', { kind: 'video' }],
    ['sticker', 'sticker', { kind: 'sticker' }],
    ['location', 'pin', { kind: 'location' }],
    ['postback', 'tap', { kind: 'get_started' }],
    ['referral', 'out', { kind: 'referral' }],
    ['ad', 'ad', { kind: 'ad', say: 'ask2' }],
    ['post', 'reply', { kind: 'post' }],
    ['unknown', 'help', { kind: 'unknown' }, 'odd'],
    ['unsupported', 'help', { kind: 'unsupported' }, 'odd'],
  ],
  whatsapp: [
    ...common,
    ['file', 'file', { kind: 'file' }],
    ['video', 'film', { kind: 'video' }],
    ['sticker', 'sticker', { kind: 'sticker' }],
    ['location', 'pin', { kind: 'location' }],
    ['contacts', 'user', { kind: 'contacts' }],
    ['order', 'bag', { kind: 'order' }],
    ['ad', 'ad', { kind: 'ad', say: 'ask2' }],
    ['number', 'user', { kind: 'number_changed', new_phone: '905325550199' }],
    ['poll', 'help', { kind: 'unsupported' }, 'odd'],
    ['unknown', 'help', { kind: 'unknown' }, 'odd'],
  ],
}

/** What tapping a button of the business sends; null for links. */
export function tap(channel, button, message) {
  const act = { title: button.title, payload: button.payload, target: message.id }
  switch (button.kind) {
    case 'quick_reply':
      return { kind: 'quick_reply', title: act.title, payload: act.payload, text: act.title }
    case 'postback':
      return { kind: 'postback', title: act.title, payload: act.payload }
    case 'reply':
      return { ...act, kind: 'button_reply' }
    case 'row':
      return { ...act, kind: 'list_reply', text: button.detail }
  }
  return null
}

/** Which kinds of change a channel knows for the customer's own messages. */
export const takesBack = { instagram: 'unsend', messenger: 'unsend', whatsapp: 'revoke' }

export const knobs = {
  g_deliveries: ['duplicate', 'reorder', 'delay', 'batch', 'wrong_signature', 'sha1_only', 'seconds', 'numeric_ids', 'lost_event'],
  g_calls: ['token_expired', 'token_revoked', 'too_many', 'server_error', 'html_error', 'drop_after_accept', 'error_after_accept', 'echo_first', 'slow_answer', 'pair_limit', 'undeliverable', 'no_delivered'],
  g_media: ['slow_media', 'media_gone', 'media_error', 'media_html'],
}
