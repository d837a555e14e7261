// Takes a picture of every state of the chat, light and dark, in both
// languages, on a desk and on a phone, and runs axe on each. Pictures go to
// web/test-shots. Exits 1 when axe or the browser finds anything.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { launch, visit } from './browser.mjs';

const out = join(import.meta.dirname, '../../test-shots');
mkdirSync(out, { recursive: true });
const only = process.argv[2] ?? '';

const said = {
  en: {
    ask: 'The coat is too small. Can I send it back?',
    answer:
      "You are talking to Northwind Goods' AI assistant. You can ask for a person at any time.\n\nYou can return any coat within **30 days**, unworn and with its label. We pay the postage within the EU.",
    source: 'Returns policy',
    mean: "I'm not sure I understood. Did you mean one of these?",
    buttons: ['Refund', 'Exchange for another size', 'Talk to a person'],
    person:
      'Good morning. I have sent you the return label by e-mail: https://northwind.example/labels/48213',
    thanks: 'Thank you very much!',
    without: /without saving/,
  },
  tr: {
    ask: 'İade etmek istiyorum. Kargo ücretini ben mi ödeyeceğim?',
    answer:
      'Northwind Goods yapay zekâ asistanıyla görüşüyorsunuz. Dilediğiniz zaman bir yetkiliyle görüşebilirsiniz.\n\nÜrünü **30 gün** içinde, giyilmemiş ve etiketiyle iade edebilirsiniz. Kargo ücreti bize aittir.',
    source: 'İade koşulları',
    mean: 'Tam anlayamadım. Bunlardan birini mi demek istediniz?',
    buttons: ['Para iadesi', 'Başka bedenle değişim', 'Yetkiliye bağlan'],
    person: 'Merhaba Ayşe Hanım, iade etiketini e-postayla gönderdim: https://northwind.example/labels/48213',
    thanks: 'Çok teşekkür ederim!',
    without: /Kaydetmeden/,
  },
};

const enter = async (v, s) => {
  await v.open();
  await v.chat.getByRole('button', { name: s.without }).click();
  await v.chat.locator('#write').waitFor();
};
const asked = async (v, s) => {
  v.world.reply = () =>
    v.world.add({
      body: s.answer,
      sources: [{ name: s.source, url: 'https://northwind.example/returns', heading: '' }],
    });
  await enter(v, s);
  await v.say(s.ask);
  await v.chat.getByRole('link', { name: s.source }).waitFor();
};
const tool = (v, i) => v.chat.locator('footer button').nth(i).click();

const states = {
  launcher: async () => {},
  consent: async (v) => v.open(),
  start: enter,
  unkept: async (v, s) => {
    v.world.settings.consent = 'required';
    await v.open();
    await v.say(s.ask);
    await v.chat.locator('.unkept').waitFor();
    await v.chat.locator('.own').waitFor();
  },
  contact: async (v, s) => {
    v.world.settings.ask_name = v.world.settings.ask_email = true;
    await enter(v, s);
    await v.chat.locator('input[type=email]').fill('ayse@');
    await v.chat.locator('#write').focus();
  },
  answer: asked,
  thinking: async (v, s) => {
    await asked(v, s);
    v.world.reply = undefined;
    await v.say(s.thanks);
    await v.chat.locator('.typing').waitFor();
  },
  choices: async (v, s) => {
    await asked(v, s);
    v.world.reply = () =>
      v.world.add({ body: s.mean, buttons: s.buttons.map((label, i) => ({ id: `b${i}`, label })) });
    await v.say('?');
    await v.chat.locator('.choice').first().waitFor();
  },
  person: async (v, s) => {
    await asked(v, s);
    v.world.hold('member', 'Selin');
    v.world.event('take_over', 'Selin');
    v.world.add({ author: { kind: 'member', name: 'Selin' }, body: s.person });
    v.world.reply = (m) => v.world.change(m, { status: 'read' });
    await v.say(s.thanks);
    await v.chat.locator('.own .by', { hasText: /Read|Okundu/ }).waitFor();
    v.world.typing('Selin', true);
    await v.chat.locator('.typing').waitFor();
  },
  menu: async (v, s) => {
    await asked(v, s);
    await v.chat.locator('.menu .tool').click();
  },
  privacy: async (v, s) => {
    await asked(v, s);
    await tool(v, 1);
    await v.chat.locator('.page').waitFor();
  },
  kept: async (v, _s) => {
    await v.open();
    await v.chat.locator('.answer').first().click();
    await v.chat.locator('#write').waitFor();
    await tool(v, 1);
    await v.chat.locator('.page').waitFor();
  },
  end: async (v, s) => {
    await asked(v, s);
    await v.chat.locator('.menu .tool').click();
    await v.chat.locator('.item').nth(1).click();
    await v.chat.locator('.sheet').waitFor();
  },
  offline: async (v, s) => {
    await asked(v, s);
    v.world.down = true;
    v.world.cut();
    await v.say(s.thanks);
    await v.chat.locator('.banner').waitFor();
  },
  long: async (v, s) => {
    await asked(v, s);
    v.world.reply = undefined;
    for (let i = 0; i < 12; i++)
      v.world.add({ author: { kind: 'member', name: 'Selin' }, body: `${s.person} (${i})` });
    await v.chat.getByText('(11)').waitFor();
    await v.chat.locator('.scroll').evaluate((el) => el.scrollTo(0, 0));
    v.world.add({ author: { kind: 'member', name: 'Selin' }, body: s.thanks });
    await v.chat.locator('.newest').waitFor();
    await v.chat.locator('#write').fill(`${s.person}\n`.repeat(6));
  },
  unread: async (v, s) => {
    await asked(v, s);
    await v.chat.locator('header > .tool').last().click();
    v.world.add({ body: s.mean });
    await v.page.locator('parley-chat .n').waitFor();
  },
  failed: async (v) => {
    v.world.blocked = true;
    await v.launcher.click();
    await v.page.locator('parley-chat .f button').first().waitFor();
  },
};

const looks = [
  { name: 'light-desk-en', lang: 'en', colorScheme: 'light', viewport: { width: 900, height: 780 } },
  { name: 'dark-desk-tr', lang: 'tr', colorScheme: 'dark', viewport: { width: 900, height: 780 } },
  {
    name: 'light-phone-tr',
    lang: 'tr',
    colorScheme: 'light',
    viewport: { width: 360, height: 660 },
    isMobile: true,
    hasTouch: true,
  },
  {
    name: 'dark-phone-en',
    lang: 'en',
    colorScheme: 'dark',
    viewport: { width: 360, height: 660 },
    isMobile: true,
    hasTouch: true,
  },
  {
    name: 'colour-light-en',
    lang: 'en',
    colour: '#d9480f',
    colorScheme: 'light',
    viewport: { width: 900, height: 780 },
  },
  {
    name: 'colour-dark-en',
    lang: 'en',
    colour: '#1b2a6b',
    colorScheme: 'dark',
    viewport: { width: 900, height: 780 },
  },
];

const browser = await launch();
let wrong = 0;
for (const { name, lang, colour, ...context } of looks) {
  for (const [state, reach] of Object.entries(states)) {
    if (only && !`${state}-${name}`.includes(only)) continue;
    const v = await visit(browser, {
      context: { ...context, deviceScaleFactor: 1 },
      place: { lang, attributes: `data-lang="${lang}"${colour ? ` data-colour="${colour}"` : ''}` },
      prepare: (w) => {
        if (colour) w.settings.brand_colour = colour;
      },
    });
    try {
      await reach(v, said[lang]);
      // Wait for what moves to come to rest.
      await v.page.evaluate(() =>
        Promise.all(
          document
            .querySelector('parley-chat')
            .shadowRoot.getAnimations()
            .map((a) => a.finished),
        ),
      );
      await v.page.screenshot({ path: join(out, `widget-${state}-${name}.png`) });
      for (const found of await v.axe()) {
        wrong++;
        console.log(`axe ${state} ${name}: ${found}`);
      }
      const expected = state === 'failed' || state === 'offline';
      for (const line of expected ? [] : v.said) {
        wrong++;
        console.log(`console ${state} ${name}: ${line}`);
      }
    } catch (err) {
      wrong++;
      console.log(`${state} ${name}: ${err.message.split('\n')[0]}`);
    }
    await v.close();
  }
}
await browser.close();
console.log(wrong ? `${wrong} findings` : 'all states clean');
process.exit(wrong ? 1 : 0);
