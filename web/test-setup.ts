import { cleanup, configure } from '@testing-library/react';
import { afterEach } from 'vitest';

// What is waited for is waited for: a busy machine is no fault.
configure({ asyncUtilTimeout: 20_000 });

afterEach(() => {
  if (typeof document !== 'undefined') cleanup();
});

// The list of the palette asks for both, and jsdom has neither.
if (typeof window !== 'undefined') {
  window.ResizeObserver ??= class {
    observe() {}
    unobserve() {}
    disconnect() {}
  };
  Element.prototype.scrollIntoView ??= () => {};
}
