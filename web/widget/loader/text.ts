/** The few words the loader itself says. */
export const texts = {
  en: {
    open: 'Open chat',
    close: 'Close chat',
    unread: 'unread',
    chat: 'Chat',
    failed: 'The chat could not be loaded here.',
    again: 'Try again',
  },
  tr: {
    open: 'Sohbeti aç',
    close: 'Sohbeti kapat',
    unread: 'okunmamış',
    chat: 'Sohbet',
    failed: 'Sohbet burada yüklenemedi.',
    again: 'Yeniden dene',
  },
};

export type Language = keyof typeof texts;

export const languageOf = (tag: string): Language => (/^tr\b/i.test(tag) ? 'tr' : 'en');
