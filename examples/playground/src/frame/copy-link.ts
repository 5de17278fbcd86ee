// Copies the page's address, with everybody's state in it.

import { element } from '../parts/element';

export function copyLink(link: () => string, say: (text: string) => void): HTMLElement {
  const button = element('button', { type: 'button', class: 'plain' }, 'Copy link');
  const answer = (text: string) => {
    button.textContent = text;
    say(text);
    setTimeout(() => {
      button.textContent = 'Copy link';
    }, 2000);
  };
  button.addEventListener('click', async () => {
    const text = link();
    try {
      await navigator.clipboard.writeText(text);
      answer('Link copied');
    } catch {
      answer('Copy it from the address bar'); // no permission, or not a secure page
    }
  });
  return button;
}
