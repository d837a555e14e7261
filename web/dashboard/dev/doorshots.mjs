// Pictures of the ways in, of profiles, members and keys: name, address, act, what the install looks like.
const out = (s) => {
  s.signedIn = false;
};
const press = (label) => async (p) => p.getByRole('button', { name: label }).first().click();
const invited = (s) => {
  s.signedIn = false;
  s.doors.invited = true;
};
const letter = (kind) => (s) => {
  s.signedIn = false;
  s.letter = {
    kind,
    name: 'Selin Koç',
    email: 'selin@northwind.example',
    workspace: 'Northwind Goods',
    role: 'owner',
    ends_at: new Date(Date.now() + 9e5).toISOString(),
  };
};
const operator = (s) => {
  s.doors.operator = true;
};
const none = (s) => {
  s.doors.factors = [];
};

const held = (appealed) => (s) => {
  s.doors.suspended = true;
  s.doors.appealed = appealed;
};
const closed = (minutes) => (s) => {
  s.doors.closed = minutes;
};
const asks = (s) => {
  s.doors.acknowledge = ['age_business'];
};
const openWorkspace = (name) => async (p) => {
  await press(new RegExp(`^(Open|Aç): ${name}`))(p);
  await p.getByRole('dialog').getByRole('textbox').fill('A complaint came in.');
  await p
    .getByRole('dialog')
    .getByRole('button', { name: /^(Open|Aç)$/ })
    .click();
  await p.getByText(/18 November|Never suspended|Hiç askıya/).waitFor();
};

/** Here a virtual keeper of passkeys is not needed: the page only has to offer them. */
export const doorScreens = [
  ['door-in', '/sign-in', async () => {}, out],
  ['door-forgot', '/mail-link', async () => {}, out],
  ['door-link', '/link#token', async () => {}, letter('sign_in')],
  [
    'door-confirmed',
    '/link#token',
    async (p) => {
      await press(/^(Confirm|Doğrula)$/)(p);
      await p.getByRole('heading', { name: /Address confirmed|Adres doğrulandı/ }).waitFor();
    },
    letter('address'),
  ],
  ['door-stranger', '/sign-in/google?state=s&code=c', async (p) => p.getByRole('alert').waitFor(), out],
  ['door-setup', '/setup#token', async () => {}, out],
  ['door-invited', '/invitation#token', async () => {}, letter('invite')],
  [
    'door-joins',
    '/sign-in/google?state=s&code=c',
    async (p) => p.getByRole('checkbox').first().waitFor(),
    invited,
  ],
  ['door-denied', '/sign-in/google?state=s&error=access_denied', async () => {}, out],
  [
    'door-second',
    '/second-step',
    async (p) => {
      await press(/^(A code of your app|Uygulamanızın kodu)$/)(p);
      await p.getByLabel(/^(Code|Kod)$/).fill('654321');
      await p.keyboard.press('Enter');
      await p.getByRole('alert').waitFor();
    },
    (s) => {
      s.doors.step = 'factor';
    },
  ],
  [
    'door-enrol',
    '/inbox/mine',
    async () => {},
    (s) => {
      s.doors.step = 'enrol';
    },
  ],
  [
    'door-enrol-app',
    '/second-step',
    async (p) => {
      await press(/^(Authenticator app|Doğrulama uygulaması)/)(p);
      await p.getByRole('img').waitFor();
    },
    (s) => {
      s.doors.step = 'enrol';
      none(s);
    },
  ],
  [
    'door-codes',
    '/second-step',
    async (p) => {
      await press(/^(Authenticator app|Doğrulama uygulaması)/)(p);
      await p.getByLabel(/^(Then type the code|Sonra uygulamanın)/).fill('123456');
      await p.keyboard.press('Enter');
      await p.getByText('h4kq-9w2m').waitFor();
    },
    (s) => {
      s.doors.step = 'enrol';
      none(s);
    },
  ],
  ['profile', '/settings/profile', async () => {}],
  [
    'profile-mails',
    '/settings/profile',
    (p) =>
      p
        .getByText(/^(Numbers by mail|Sayılar e-postayla)$/)
        .first()
        .evaluate((el) => el.scrollIntoView({ block: 'center' })),
  ],
  ['profile-none', '/settings/profile', async () => {}, none],
  ['profile-app', '/settings/profile', press(/^(Add an app|Uygulama ekle)$/)],
  ['profile-passkey', '/settings/profile', press(/^(Add a passkey|Geçiş anahtarı ekle)$/)],
  [
    'profile-codes',
    '/settings/profile',
    async (p) => {
      await press(/^(New codes|Yeni kodlar)$/)(p);
      await p
        .getByRole('dialog')
        .getByRole('button', { name: /^(New codes|Yeni kodlar)$/ })
        .click();
      await p.getByText('h4kq-9w2m').waitFor();
    },
  ],
  [
    'proof',
    '/settings/profile',
    async (p) => {
      await press(/^(New codes|Yeni kodlar)$/)(p);
      await p
        .getByRole('dialog')
        .getByRole('button', { name: /^(New codes|Yeni kodlar)$/ })
        .click();
      await p.getByRole('heading', { name: /Is it you|Siz misiniz/ }).waitFor();
      await press(/^(Your password|Parolanız)$/)(p);
    },
    (s) => {
      s.doors.fresh = false;
    },
  ],
  ['watch-security', '/settings/security', async () => {}],
  ['watch-alert', '/settings/security', press(/^(Look|Bak): (Passwords|Parola)/)],
  ['watch-audit', '/settings/audit', async () => {}],
  ...['alerts', 'workspaces', 'backups', 'errors', 'browser'].map((tab) => [
    `watch-install-${tab}`,
    `/install/${tab}`,
    async () => {},
    operator,
  ]),
  [
    'watch-install-backups-all',
    '/install/backups',
    (p) => p.getByRole('radio', { name: /^(All|Tümü)$/ }).click(),
    (s) => {
      operator(s);
      s.kept.backups = s.kept.backups.filter((b) => b.holds !== 'keys' || b.state === 'gone');
    },
  ],
  [
    'watch-install-backups-off',
    '/install/backups',
    async () => {},
    (s) => {
      operator(s);
      Object.assign(s.kept, { on: false, backups: [] });
    },
  ],
  ['standing-open', '/install/workspaces', openWorkspace('Bargain'), operator],
  ['standing-suspend', '/install/workspaces', openWorkspace('Northwind'), operator],
  ['standing-why', '/install/workspaces', press(/^(Open|Aç): Northwind/), operator],
  ['standing-held', '/inbox/mine', async (p) => p.getByRole('textbox').waitFor(), held(false)],
  ['standing-appealed', '/inbox/mine', async () => {}, held(true)],
  [
    'closing-card',
    '/settings/workspace',
    async (p) => p.getByRole('button', { name: /^(Delete…|Sil…)$/ }).scrollIntoViewIfNeeded(),
  ],
  ['closing-ask', '/settings/workspace', press(/^(Delete…|Sil…)$/)],
  [
    'closing-closed',
    '/inbox/mine',
    async (p) => p.getByRole('button', { name: /Take it back|Geri al/ }).waitFor(),
    closed(60 * 24 * 3),
  ],
  [
    'closing-last',
    '/inbox/mine',
    async (p) => p.getByRole('button', { name: /Take it back|Geri al/ }).waitFor(),
    closed(60 * (24 * 28 + 20)),
  ],
  [
    'closing-over',
    '/inbox/mine',
    async (p) => p.getByText(/being deleted|Siliniyor/).waitFor(),
    closed(60 * 24 * 29 + 5),
  ],
  ['closing-release', '/install/workspaces', press(/^(Release|Kaldır): Old Mill/), operator],
  ['standing-asked', '/inbox/needs_you/100', async (p) => p.getByText(/18 ya|I am 18/).waitFor(), asks],
  [
    'standing-declined',
    '/inbox/needs_you/100',
    async (p) => {
      await press(/^(Decline|Reddet)$/)(p);
      await press(/^(Download my data|Verilerimi indir)$/)(p);
    },
    asks,
  ],
  ['watch-operator', '/', async () => {}, operator],
  ['roles', '/settings/members', press(/^(What each role may do|Roller neler yapabilir)$/)],
  [
    'key-new',
    '/settings/keys',
    async (p) => {
      await press(/^(Create key|Anahtar oluştur)$/)(p);
      await p.getByRole('radio', { name: /^(Only some|Yalnız bazıları)$/ }).click();
    },
  ],
];
