// Ways out of the page and in: the command that trains with the neuron, the neuron as a file, a file or JSON of the
// command line's, and on into the Network room.

import { download } from '../../../parts/download';
import { element } from '../../../parts/element';
import { fromJson, sound, toJson, type Written } from './written';

export interface CarryEvents {
  now(): Written;
  onOpen(written: Written): void;
  /** It is to learn. */
  onNetwork(): void;
  say(text: string): void;
}

export interface Carry {
  readonly element: HTMLElement;
  show(written: Written): void;
  /** @param fires whether it gives spikes; a read-out stands in no network's layers */
  showFires(fires: boolean): void;
}

/** In quotes for a shell, whatever is in it. */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** The line that trains a small network of these neurons. */
export const commandOf = (written: Written): string =>
  `npx spikegrad train --dataset shapes --neuron ${quoted(toJson(sound(written)))}`;

export function carry({ now, onOpen, onNetwork, say }: CarryEvents): Carry {
  const button = (name: string, look: string, act: () => void) => {
    const made = element('button', { type: 'button', class: look }, name);
    made.addEventListener('click', act);
    return made;
  };
  const line = element('input', {
    type: 'text',
    class: 'command',
    readonly: true,
    'aria-label': 'Command that trains with it',
  });
  const copy = button('Copy', 'quiet', async () => {
    const answer = (text: string) => {
      copy.textContent = text;
      say(text);
      setTimeout(() => {
        copy.textContent = 'Copy';
      }, 2000);
    };
    try {
      await navigator.clipboard.writeText(commandOf(now()));
      answer('Copied');
    } catch {
      line.select();
      answer('Selected'); // no permission, or not a secure page
    }
  });
  const save = () => {
    const file = `${JSON.stringify(JSON.parse(toJson(sound(now()))), null, 2)}\n`;
    download(new TextEncoder().encode(file), 'neuron.json');
  };
  const word = element('span', { class: 'file-word', role: 'status' });
  const chosen = element('input', { type: 'file', accept: '.json,application/json', hidden: true });
  chosen.addEventListener('change', async () => {
    const [file] = chosen.files ?? [];
    chosen.value = '';
    if (file === undefined) return;
    const written = fromJson(await file.text());
    word.textContent = written === undefined ? `${file.name} is no neuron: it needs { "equations": … }` : '';
    if (written !== undefined) onOpen(written);
  });
  const network = button('Let it learn in the Network room', 'play', onNetwork);
  const command = element('div', { class: 'command-line' }, line, copy);
  const silent = element(
    'p',
    { class: 'none', hidden: true },
    'It gives no spikes, and a network learns with neurons that fire: by spikes = spike(…), or of differential equations by what stands in “fires where”. A file holds this one too.',
  );
  return {
    element: element(
      'section',
      { class: 'group carry', 'aria-label': 'Take it along' },
      element('h2', {}, 'Take it along'),
      network,
      command,
      silent,
      element(
        'p',
        { class: 'own-files' },
        button('Save neuron.json', 'quiet', save),
        button('Open a file', 'quiet', () => chosen.click()),
        chosen,
        word,
      ),
    ),
    show: (written) => {
      line.value = commandOf(written);
    },
    showFires(fires) {
      network.hidden = command.hidden = !fires;
      silent.hidden = fires;
    },
  };
}
