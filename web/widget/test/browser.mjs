import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';
import { start } from './server.mjs';

export const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** The system's browser, without talking to anybody but us. */
export const launch = () =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--no-first-run',
    ],
  });

/** One visitor on the foreign page, with all that the browser said on the way. */
export async function visit(browser, { place = {}, prepare = () => {}, context = {} } = {}) {
  const server = await start(place);
  prepare(server.world);
  const ctx = await browser.newContext({ viewport: { width: 1280, height: 820 }, ...context });
  ctx.setDefaultTimeout(8000);
  const page = await ctx.newPage();
  const said = [];
  page.on('console', (m) => said.push(`${m.type()}: ${m.text()}`));
  page.on('pageerror', (e) => said.push(`error: ${e.message}`));
  await page.goto(server.url);
  const launcher = page.locator('parley-chat button.l');
  await launcher.waitFor({ state: 'attached' });
  const chat = page.frameLocator('parley-chat iframe');
  return {
    ...server,
    page,
    ctx,
    said,
    launcher,
    chat,
    frame: () => page.frames().find((f) => f.url().includes('/w/pk_test')),
    stored: () =>
      page.evaluate(() => ({
        local: { ...localStorage },
        session: { ...sessionStorage },
        cookie: document.cookie,
      })),
    async open() {
      await launcher.click();
      await chat.locator('header').waitFor();
    },
    async say(text) {
      await chat.locator('#write').fill(text);
      await chat.locator('#write').press('Enter');
    },
    async axe() {
      const found = [];
      for (const f of page.frames()) {
        if (!f.url().startsWith('http')) continue;
        // Through the debugger, which no page policy stops.
        await f.evaluate(axeSource);
        const { violations } = await f.evaluate(() =>
          axe.run(document, {
            runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
            iframes: false,
          }),
        );
        for (const v of violations) found.push(`${v.id}: ${v.nodes.map((n) => n.html).join(' ')}`);
      }
      return found;
    },
    async close() {
      await ctx.close();
      server.stop();
    },
  };
}
