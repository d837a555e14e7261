/** Styles of the launcher and the panel; constructable, so that no style-src of the page applies. */
export const css = `
:host{all:initial!important;position:fixed!important;z-index:2147483000!important;inset-block-end:20px!important;inset-inline-end:20px!important;color-scheme:light dark;--c:#0f5c55;--o:#fff;--s:#fff;--i:#15201d;font:15px/22px system-ui,-apple-system,"Segoe UI",sans-serif!important}
:host(.start){inset-inline:20px auto!important}
:host([hidden]){display:none!important}
*{box-sizing:border-box}
button{font:inherit;cursor:pointer;border:0}
.l{position:relative;display:grid;place-items:center;width:56px;height:56px;border-radius:18px;background:var(--c);color:var(--o);box-shadow:0 1px 2px #15201d12,0 8px 24px #15201d33;transition:transform .12s;margin-inline-start:auto}
:host(.start) .l{margin-inline:0 auto}
.l:hover{transform:translateY(-1px)}
:focus-visible{outline:2px solid var(--c);outline-offset:2px}
svg{width:26px;height:26px;fill:none;stroke:currentColor;stroke-width:1.8;stroke-linecap:round;stroke-linejoin:round}
.n{position:absolute;inset-block-start:-5px;inset-inline-end:-5px;min-width:20px;height:20px;padding:0 5px;border-radius:10px;background:#b3261e;color:#fff;font:600 12px/20px system-ui,sans-serif;text-align:center}
[hidden]{display:none!important}
.v{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.p{position:absolute;inset-block-end:72px;inset-inline-end:0;width:392px;max-width:calc(100vw - 40px);height:660px;max-height:calc(100vh - 112px);border-radius:18px;overflow:hidden;background:var(--s);color:var(--i);box-shadow:0 4px 12px #15201d1a,0 24px 64px #15201d40;transition:opacity .18s,transform .18s,visibility .18s}
:host(.start) .p{inset-inline:0 auto}
.p:not(.on){visibility:hidden;opacity:0;transform:translateY(8px)}
iframe{display:block;width:100%;height:100%;border:0;opacity:0}
.r iframe{opacity:1}
.f{position:absolute;inset:0;display:grid;place-content:center;justify-items:center;gap:16px;padding:24px;text-align:center}
.f button{min-height:44px;padding:0 18px;border-radius:12px;background:none;color:inherit;border:1px solid}
.f button+button{border:0;text-decoration:underline}
@media(prefers-color-scheme:dark){:host{--c:#5cc6b6;--o:#06211e;--s:#131a18;--i:#e7eeeb}}
@media(max-width:479px){.p{position:fixed;inset:0!important;width:100%;max-width:none;height:100vh;height:100dvh;max-height:none;border-radius:0}.l[aria-expanded=true]{visibility:hidden}}
@media(prefers-reduced-motion:reduce){*{transition:none!important}}
@media(forced-colors:active){.l,.p{border:1px solid}}
@media print{:host{display:none!important}}
`;
