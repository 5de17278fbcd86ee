// One network of the room: what it decides over the plane, what each of its neurons does there, and its spikes at the
// point under the crosshair.

import { element } from '../../parts/element';
import { heat } from '../../parts/heat';
import { hint } from '../../parts/hint';
import { plane } from '../../parts/plane';
import { raster } from '../../parts/raster';
import { percent } from '../../parts/reading';
import { GRID, type LayerPicture, type NetworkPicture, REACH, type Snapshot } from './messages';
import { kindNames, type NetworkKind, type NetworkState } from './state';

const CELLS = GRID * GRID;

/** The cell of the grid at a point, which lies on it. */
const cellAt = (x: number, y: number): number => {
  const index = (value: number) => Math.round((value / REACH + 1) * ((GRID - 1) / 2));
  return index(-y) * GRID + index(x);
};

/** Share of time steps at which a neuron fires, in a cell. */
function rateAt({ spikes, neurons }: LayerPicture, steps: number, neuron: number) {
  return (cell: number): number => {
    let fired = 0;
    for (let t = 0; t < steps; t++) fired += spikes[(t * CELLS + cell) * neurons + neuron]!;
    return fired / steps;
  };
}

export interface NetworkView {
  readonly element: HTMLElement;
  show(state: NetworkState, snapshot: Snapshot, picture: NetworkPicture): void;
  /** Crosshair and raster only. */
  movePoint(state: NetworkState): void;
}

export interface NetworkViewActions {
  onPoint(x: number, y: number): void;
  onNeuron(neuron: number): void;
}

export function networkView(kind: NetworkKind, { onPoint, onNeuron }: NetworkViewActions): NetworkView {
  const name = kindNames[kind];
  const inWords = { with: 'with MPR', without: 'without MPR', own: 'of your neuron' }[kind];
  const title = element('h2', {}, name);
  const told = element('span', { class: 'told' });
  const { element: about } = hint(`the network ${inWords}`, {
    text: 'The plane shows what it decides, a small picture where one neuron fires: choose one to see it large, and watch which edges later layers take from it.',
    equation: 'layer',
  });
  const ground = plane({ side: GRID, reach: REACH, onPoint });
  const pictures = element('div', { class: 'layers' });
  const spikes = raster();
  const drawn = element('p', { class: 'axis-name', 'aria-hidden': 'true' });
  let T = 0;
  let layers: readonly LayerPicture[] = [];
  let rows: LayerRow[] = [];

  function movePoint({ x, y, neuron }: NetworkState): void {
    ground.moveCross(x, y);
    const cell = cellAt(x, y);
    const counts = layers.map((layer, i) => {
      const rates = Array.from({ length: layer.neurons }, (_, n) =>
        Math.round(T * rateAt(layer, T, n)(cell)),
      );
      return `layer ${i + 1}: ${rates.join(', ')}`;
    });
    spikes.show({
      steps: T,
      layers: layers.map((layer) => ({
        neurons: layer.neurons,
        fires: (t, n) => layer.spikes[(t * CELLS + cell) * layer.neurons + n] === 1,
      })),
      marked: neuron,
      words: `Spikes of each neuron in ${T} time steps at x ${x}, y ${y}; ${counts.join('; ')}`,
    });
    drawn.textContent = `spikes at (${x.toFixed(2)}, ${y.toFixed(2)}) over time steps`.replaceAll('-', '−');
  }

  return {
    element: element(
      'section',
      { class: `network-view ${kind}`, 'aria-label': name },
      element('header', {}, element('span', { class: 'swatch', 'aria-hidden': 'true' }), title, about, told),
      ground.element,
      pictures,
      element('div', { class: 'raster-place' }, spikes.element),
      drawn,
    ),
    show(state, { T: steps, train, test }, picture) {
      T = steps;
      layers = picture.layers;
      // beside another neuron it is the LIF neuron that counts
      title.textContent = state.networks === 'own' && kind === 'without' ? 'LIF' : name;
      ground.showPoints(train, state.testPoints ? test : undefined);
      if (rows.length !== layers.length || rows.some((row, i) => row.size !== layers[i]!.neurons)) {
        rows = layerRows(layers, onNeuron);
        pictures.replaceChildren(...rows.map((row) => row.element));
      }
      let first = 1;
      let chosen: readonly [LayerPicture, number] | undefined;
      for (const [i, layer] of layers.entries()) {
        const index = state.neuron - first;
        rows[i]!.show(layer, T, index);
        if (index >= 0 && index < layer.neurons) chosen = [layer, index];
        first += layer.neurons;
      }
      if (chosen === undefined) {
        told.textContent = `${percent(picture.test.right)} right`;
        ground.paint(
          (cell) => picture.decision[cell]!,
          'classes',
          `What the network ${inWords} decides over the plane: ${percent(picture.test.right)} of test points are told right`,
        );
      } else {
        const [layer, index] = chosen;
        told.textContent = `neuron ${state.neuron}`;
        ground.paint(rateAt(layer, T, index), 'rate', `Firing rate of neuron ${state.neuron} over the plane`);
      }
      movePoint(state);
    },
    movePoint,
  };
}

interface LayerRow {
  readonly element: HTMLElement;
  readonly size: number;
  show(layer: LayerPicture, steps: number, chosen: number): void;
}

/** Per layer, a picture of each neuron that can be chosen. */
function layerRows(layers: readonly LayerPicture[], onNeuron: (neuron: number) => void): LayerRow[] {
  let first = 1;
  return layers.map(({ neurons }, i) => {
    const start = first;
    first += neurons;
    const rate = element('span', {});
    const thumbs = Array.from({ length: neurons }, (_, n) => {
      const picture = heat(GRID);
      const button = element(
        'button',
        {
          type: 'button',
          class: 'neuron-picture',
          'aria-pressed': 'false',
          'aria-label': `Neuron ${start + n}`,
        },
        picture.canvas,
      );
      button.addEventListener('click', () =>
        onNeuron(button.getAttribute('aria-pressed') === 'true' ? 0 : start + n),
      );
      return { picture, button };
    });
    return {
      size: neurons,
      element: element(
        'div',
        { class: 'layer', role: 'group', 'aria-label': `Layer ${i + 1}` },
        element('p', {}, `Layer ${i + 1} `, rate),
        element('div', { class: 'neuron-pictures' }, ...thumbs.map(({ button }) => button)),
      ),
      show(layer, steps, chosen) {
        rate.textContent = `fires at ${percent(layer.rate)}`;
        thumbs.forEach(({ picture, button }, n) => {
          picture.paint(rateAt(layer, steps, n), 'rate');
          button.setAttribute('aria-pressed', String(n === chosen));
        });
      },
    };
  });
}
