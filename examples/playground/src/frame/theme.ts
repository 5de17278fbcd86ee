// Light, dark, or as the system has it. The choice is kept in this browser, not in the address: it belongs to the
// reader.

import { element } from '../parts/element';

const KEY = 'spikegrad-theme';
const order = ['auto', 'light', 'dark'] as const;
type Theme = (typeof order)[number];

/** Storage may be forbidden; then the choice lasts as long as the page. */
function stored(): Theme {
  try {
    return order.find((theme) => theme === localStorage.getItem(KEY)) ?? 'auto';
  } catch {
    return 'auto';
  }
}

export function themeSwitch(): HTMLElement {
  let theme = stored();
  const button = element('button', { type: 'button', class: 'plain' });
  const show = () => {
    if (theme === 'auto') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    button.textContent = `Theme: ${theme}`;
  };
  button.addEventListener('click', () => {
    theme = order[(order.indexOf(theme) + 1) % order.length]!;
    try {
      localStorage.setItem(KEY, theme);
    } catch {
      // not kept
    }
    show();
  });
  show();
  return button;
}
