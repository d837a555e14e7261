import type { Bilingual } from './wire.ts';

const en = {
  tag: 'en',
  hello: 'Hello. What can we help you with?',
  ai: 'AI assistant',
  subAi: 'AI assistant, people can join',
  subNobody: 'A person will answer here',
  subMember: '{name} team',
  subShut: 'Closed for now',
  menu: 'Menu',
  close: 'Close chat',
  back: 'Back to chat',
  note: 'Answers may be written by AI. You can ask for a person at any time.',
  write: 'Write a message',
  send: 'Send',
  log: 'Conversation',
  you: 'You',
  person: 'Talk to a person',
  end: 'End chat',
  endAsk: 'End this chat?',
  endNo: 'Keep chatting',
  privacy: 'Privacy',
  notice: 'Privacy notice',
  other: 'Türkçe',
  before: 'Before we start',
  nothing:
    'We keep nothing on your device. Without saving, this chat is erased {hours} after its last message.',
  hour: '{n} hour',
  hours: '{n} hours',
  keep: 'Keep my conversation',
  without: 'Chat without saving',
  keptTitle: 'This conversation is kept',
  kept: 'This site keeps one entry on your device, so that you find this conversation again. Your browser, device, language, network address and the page you wrote from are kept for up to 90 days.',
  unkeptTitle: 'This conversation is not saved',
  unkept: 'Not saved.',
  stop: 'Stop keeping',
  aiTitle: 'AI in this chat',
  aiText:
    'An AI assistant may answer first. What it writes is marked, with its source. You can ask for a person at any time.',
  cookies: 'This chat sets no cookies.',
  typing: '{name} is typing',
  sending: 'Sending',
  queued: 'Waiting for a connection',
  sent: 'Sent',
  delivered: 'Delivered',
  read: 'Read',
  failed: 'Not sent.',
  again: 'Try again',
  tooLong: 'The message is too long.',
  drop: 'Delete',
  offline: 'Reconnecting. What you write is sent as soon as the connection is back.',
  over: 'This chat has been open for a long time and has expired.',
  shut: 'This chat is closed for now, and nobody reads it. Please reach {name} by the other contact details on this site.',
  reload: 'Load it again',
  newest: 'New messages',
  joined: '{name} joined',
  joinedNobody: 'A person joined',
  handBack: 'The AI assistant is answering again',
  handOver: 'A person has been called',
  closed: 'This chat was closed. Write to open it again.',
  ended: 'You ended this chat. Write to open it again.',
  report: 'Report',
  wrong: 'Wrong',
  biased: 'Biased',
  harmful: 'Harmful',
  reported: 'Reported. Thank you.',
  contactTitle: 'How can we reach you? (optional)',
  name: 'Name (optional)',
  email: 'E-mail (optional)',
  emailBad: 'This does not look like an e-mail address.',
};

export type Words = typeof en;

const tr: Words = {
  tag: 'tr',
  hello: 'Merhaba. Size nasıl yardımcı olabiliriz?',
  ai: 'Yapay zekâ asistanı',
  subAi: 'Yapay zekâ ve ekibimiz',
  subNobody: 'Size bir yetkilimiz yanıt verecek',
  subMember: '{name} ekibinden',
  subShut: 'Şimdilik kapalı',
  menu: 'Menü',
  close: 'Sohbeti kapat',
  back: 'Sohbete dön',
  note: 'Yanıtları yapay zekâ yazabilir. Dilediğiniz zaman bir yetkiliyle görüşmek isteyebilirsiniz.',
  write: 'Mesaj yazın',
  send: 'Gönder',
  log: 'Görüşme',
  you: 'Siz',
  person: 'Yetkiliye bağlan',
  end: 'Görüşmeyi bitir',
  endAsk: 'Görüşme bitirilsin mi?',
  endNo: 'Devam et',
  privacy: 'Gizlilik',
  notice: 'Gizlilik bildirimi',
  other: 'English',
  before: 'Başlamadan önce',
  nothing:
    'Cihazınızda hiçbir şey saklamıyoruz. Kaydetmezseniz bu görüşme son mesajdan {hours} sonra silinir.',
  hour: '{n} saat',
  hours: '{n} saat',
  keep: 'Görüşmemi sakla',
  without: 'Kaydetmeden yaz',
  keptTitle: 'Bu görüşme saklanıyor',
  kept: 'Görüşmenizi yeniden bulabilmeniz için bu site cihazınızda tek bir kayıt tutar. Tarayıcınız, cihazınız, diliniz, ağ adresiniz ve yazdığınız sayfa en çok 90 gün saklanır.',
  unkeptTitle: 'Bu görüşme kaydedilmiyor',
  unkept: 'Kaydedilmiyor.',
  stop: 'Saklamayı bırak',
  aiTitle: 'Bu sohbette yapay zekâ',
  aiText:
    'İlk yanıtı yapay zekâ asistanı verebilir. Yazdıkları, kaynağıyla birlikte işaretlenir. Dilediğiniz zaman bir yetkiliyle görüşmek isteyebilirsiniz.',
  cookies: 'Bu sohbet çerez kullanmaz.',
  typing: '{name} yazıyor',
  sending: 'Gönderiliyor',
  queued: 'Bağlantı bekleniyor',
  sent: 'Gönderildi',
  delivered: 'İletildi',
  read: 'Okundu',
  failed: 'Gönderilemedi.',
  again: 'Yeniden dene',
  tooLong: 'Mesaj çok uzun.',
  drop: 'Sil',
  offline: 'Yeniden bağlanılıyor. Yazdıklarınız bağlantı gelir gelmez gönderilecek.',
  over: 'Bu sohbet uzun süre açık kaldığı için süresi doldu.',
  shut: 'Bu sohbet şimdilik kapalı ve kimse okumuyor. Lütfen {name} ile bu sitedeki diğer iletişim bilgilerinden iletişime geçin.',
  reload: 'Yeniden yükle',
  newest: 'Yeni mesajlar',
  joined: '{name} görüşmeye katıldı',
  joinedNobody: 'Bir yetkili görüşmeye katıldı',
  handBack: 'Yeniden yapay zekâ asistanı yanıtlıyor',
  handOver: 'Bir yetkili çağrıldı',
  closed: 'Görüşme kapatıldı. Yeniden açmak için yazın.',
  ended: 'Görüşmeyi bitirdiniz. Yeniden açmak için yazın.',
  report: 'Bildir',
  wrong: 'Yanlış',
  biased: 'Ayrımcı',
  harmful: 'Zararlı',
  reported: 'Bildirildi. Teşekkürler.',
  contactTitle: 'Size nasıl ulaşabiliriz? (isteğe bağlı)',
  name: 'Ad (isteğe bağlı)',
  email: 'E-posta (isteğe bağlı)',
  emailBad: 'Bu bir e-posta adresine benzemiyor.',
};

export type Locale = 'en' | 'tr';

export const words: Record<Locale, Words> = { en, tr };

export const localeOf = (tag: string): Locale => (/^tr\b/i.test(tag) ? 'tr' : 'en');

export const fill = (text: string, name: string, value: string): string =>
  text.replace(`{${name}}`, () => value);

/** "24 hours" */
export function hoursOf(w: Words, n: number): string {
  return fill(n === 1 ? w.hour : w.hours, 'n', `${n}`);
}

/** The business's own text in a language, else in the other one, else ours. */
export function own(texts: Bilingual | undefined, locale: Locale, ours: string): string {
  return texts?.[locale] || texts?.en || texts?.tr || ours;
}
