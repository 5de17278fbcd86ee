// A recording of the reader's own: chosen with a button or dropped anywhere in the room. It is read in this browser
// and is not uploaded.

import { element } from '../../parts/element';

/** @param room where a file may be dropped. @returns the button */
export function recordingChooser(room: HTMLElement, onFile: (file: File) => void): HTMLElement {
  let depth = 0; // a drag enters every element that it passes over
  const drag = (over: boolean) => {
    depth = over ? depth + 1 : Math.max(0, depth - 1);
    room.classList.toggle('dropping', depth > 0);
  };
  const take = (list: FileList | null | undefined) => {
    const file = list?.[0];
    if (file !== undefined) onFile(file);
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
  const label = 'Open a recording…';
  const accept = '.aedat,.aedat4,.dat,.bin,.npz,.npy,.h5,.hdf5';
  const input = element('input', { type: 'file', hidden: true, accept, 'aria-label': label });
  input.addEventListener('change', () => {
    take(input.files);
    input.value = ''; // the same file again is a choice too
  });
  const button = element('button', { type: 'button', class: 'quiet' }, label);
  button.addEventListener('click', () => input.click());
  return element('span', { class: 'chooser' }, button, input);
}
