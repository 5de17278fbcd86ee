// The reader's own files: chosen with a button or dropped anywhere in the room. They are read in this browser and are
// not uploaded.

import { element } from '../../parts/element';

export interface Files {
  /** The button for CIFAR-10 files, and what became of them. */
  readonly images: HTMLElement;
  readonly checkpoint: HTMLElement;
  /** Says something about the files that were chosen. */
  say(...text: (string | Node)[]): void;
}

export interface FileEvents {
  onImages(files: readonly File[]): void;
  onCheckpoint(file: File): void;
  /** A network in integers. */
  onCompiled(file: File): void;
}

const CHECKPOINT = /\.(safetensors|pt|pth)$/i;
const COMPILED = /\.spk$/i;

/** @param room where files may be dropped */
export function files(room: HTMLElement, { onImages, onCheckpoint, onCompiled }: FileEvents): Files {
  const take = (list: FileList | null | undefined) => {
    const chosen = Array.from(list ?? []);
    const checkpoint = chosen.find(({ name }) => CHECKPOINT.test(name));
    const compiled = chosen.find(({ name }) => COMPILED.test(name));
    if (compiled !== undefined) onCompiled(compiled);
    else if (checkpoint !== undefined) onCheckpoint(checkpoint);
    else if (chosen.length > 0) onImages(chosen);
  };
  const note = element('p', { class: 'file-note' });
  let depth = 0; // a drag enters every element that it passes over
  const drag = (over: boolean) => {
    depth = over ? depth + 1 : Math.max(0, depth - 1);
    room.classList.toggle('dropping', depth > 0);
  };
  room.addEventListener('dragenter', (event) => {
    event.preventDefault();
    drag(true);
  });
  room.addEventListener('dragleave', () => drag(false));
  room.addEventListener('dragover', (event) => event.preventDefault());
  room.addEventListener('drop', (event) => {
    event.preventDefault();
    depth = 0;
    room.classList.remove('dropping');
    take(event.dataTransfer?.files);
  });
  return {
    images: element(
      'div',
      { class: 'files' },
      chooser('Choose CIFAR-10 .bin files…', { accept: '.bin', multiple: true }, take),
      note,
    ),
    checkpoint: chooser('Open checkpoint…', { accept: '.safetensors,.pt,.pth,.spk' }, take),
    say: (...text) => note.replaceChildren(...text),
  };
}

/** A button that opens the browser's file dialog. */
function chooser(
  label: string,
  accepts: { accept: string; multiple?: boolean },
  take: (list: FileList | null) => void,
): HTMLElement {
  const input = element('input', { type: 'file', hidden: true, 'aria-label': label, ...accepts });
  input.addEventListener('change', () => {
    take(input.files);
    input.value = ''; // the same file again is a choice too
  });
  const button = element('button', { type: 'button', class: 'quiet' }, label);
  button.addEventListener('click', () => input.click());
  return element('span', { class: 'chooser' }, button, input);
}
