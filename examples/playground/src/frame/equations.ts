// The equations, as text beside the page. Each has an anchor of its name; a control's hint links to it.

import { element } from '../parts/element';

interface Equation {
  readonly title: string;
  /** Lines of HTML of our own. */
  readonly lines: readonly string[];
  readonly says: string;
  readonly source: string;
}

/** The paper that the page is about. */
export const GUO_TITLE =
  'Training High-performance Spiking Neural Networks Through Reducing Quantization Error';
const GUO = `Guo et al., “${GUO_TITLE}”, AAAI 2022`;

const equations = {
  charge: {
    title: 'Charge',
    lines: [
      '<var>H</var>[t] = <var>tau</var> · <var>V</var>[t−1] + <var>X</var>[t] <small>leak</small>',
      '<var>H</var>[t] = <var>V</var>[t−1] + <var>tau</var> · <var>X</var>[t] <small>paper, as printed</small>',
    ],
    says: 'The membrane keeps a part of what it held and adds the input current. V[0] = 0. The first form is what the authors’ released code runs, and the default here.',
    source: `${GUO}, equation 4`,
  },
  rectify: {
    title: 'Rectify',
    lines: [
      '<var>Ĥ</var>[t] = <var>φ</var>(<var>H</var>[t])',
      '<var>φ</var>(<var>x</var>) = tanh(<var>k</var>(<var>x</var> − ½)) / (2 tanh(<var>k</var>/2)) + ½',
      '<var>φ</var>′(<var>x</var>) = <var>k</var> / (2 tanh(<var>k</var>/2)) · sech²(<var>k</var>(<var>x</var> − ½))',
    ],
    says: 'Membrane potential rectification (MPR). With the threshold at ½ it brings potentials nearer to their spikes, 0 or 1, and none across ½: no spike changes, only the gradient. With “Centre at vth”, vth stands in place of the ½: no spike changes either, but Ĥ goes to vth − ½ and vth + ½, which are 0 and 1 only for vth = ½; elsewhere the error may grow. Without MPR φ is the identity.',
    source: `${GUO}, equation 8`,
  },
  fire: {
    title: 'Fire',
    lines: ['<var>O</var>[t] = 1 where <var>Ĥ</var>[t] ≥ <var>vth</var>, else 0'],
    says: 'A spike is all or nothing. Its true derivative is zero almost everywhere, which is why learning needs a surrogate.',
    source: GUO,
  },
  reset: {
    title: 'Reset',
    lines: [
      '<var>V</var>[t] = <var>H</var>[t] · (1 − <var>O</var>[t]) + <var>vReset</var> · <var>O</var>[t] <small>hard</small>',
      '<var>V</var>[t] = <var>H</var>[t] − <var>vth</var> · <var>O</var>[t] <small>soft</small>',
    ],
    says: 'After a spike the hard reset forgets how far the membrane was above the threshold; the soft one keeps the rest. It is H that is carried over, not Ĥ.',
    source: GUO,
  },
  surrogate: {
    title: 'Surrogate gradient',
    lines: [
      '<var>s</var>(<var>u</var>) = 1/<var>window</var> where |<var>u</var>| &lt; <var>window</var>/2, else 0; <var>u</var> = <var>Ĥ</var> − <var>vth</var>',
      '∂<var>O</var>/∂<var>H</var> ≈ <var>s</var>(<var>φ</var>(<var>H</var>) − <var>vth</var>) · <var>φ</var>′(<var>H</var>)',
    ],
    says: 'Backward, the step is given the slope of a rectangle. With MPR the slope of φ multiplies it: the effective surrogate gradient is steep at the threshold and gentle away from it.',
    source:
      'Wu et al., “Spatio-temporal backpropagation for training high-performance SNNs”, 2018, and Guo et al., 2022',
  },
  quantization: {
    title: 'Quantization error',
    lines: [
      'mean |<var>H</var>[t] − <var>O</var>[t]| <small>before</small>',
      'mean |<var>Ĥ</var>[t] − <var>O</var>[t]| <small>after</small>',
    ],
    says: 'How far the membrane lies from the spike that it becomes, averaged over time steps: what firing loses of the membrane’s number.',
    source: `${GUO}, equation 7`,
  },
  layer: {
    title: 'Layer',
    lines: [
      '<var>X</var><sub><var>l</var></sub>[t] = tdBN(<var>W</var><sub><var>l</var></sub> <var>O</var><sub><var>l</var>−1</sub>[t])',
      '<var>votes</var> = mean over t of <var>W</var> <var>O</var>[t] + <var>b</var>',
    ],
    says: 'A layer weighs the spikes of the one before it, and threshold-dependent batch normalisation brings the sums to the size of the threshold. The first layer is given the point or the image itself at every time step. The last has no neurons: it votes for the classes.',
    source: 'Zheng et al., “Going deeper with directly-trained larger spiking neural networks”, AAAI 2021',
  },
  loss: {
    title: 'Loss',
    lines: ['<var>L</var> = mean over points or images of −log softmax(<var>votes</var>)[<var>label</var>]'],
    says: 'Cross-entropy: 0 where the network is sure and right, log 2 ≈ 0.693 where it guesses between two classes, log 10 ≈ 2.303 between ten, and more where it is sure and wrong.',
    source: 'Bishop, “Pattern Recognition and Machine Learning”, 2006, section 4.3',
  },
  update: {
    title: 'Update',
    lines: [
      '<var>v</var> ← <var>momentum</var> · <var>v</var> + ∂<var>L</var>/∂<var>W</var>',
      '<var>W</var> ← <var>W</var> − <var>lr</var> · <var>v</var>',
      '<var>lr</var>[i] = <var>lr</var>/2 · (1 + cos(π<var>i</var>/<var>n</var>)) <small>ResNet, step i of n</small>',
    ],
    says: 'Stochastic gradient descent: after every batch each weight goes a little way down the slope of the loss, through all layers and all time steps. In the ResNet room the learning rate falls along a cosine to nothing.',
    source:
      'Sutskever et al., “On the importance of initialization and momentum in deep learning”, ICML 2013',
  },
} satisfies Record<string, Equation>;

export type EquationName = keyof typeof equations;
export const equationNames = Object.keys(equations) as EquationName[];

export interface EquationsPanel {
  readonly element: HTMLElement;
  /** Opens at an equation, or closes. */
  show(name: string | undefined): void;
}

/** @param onClose the reader wants it closed */
export function equationsPanel(onClose: () => void): EquationsPanel {
  const close = element('button', { type: 'button', class: 'plain' }, 'Close');
  close.addEventListener('click', onClose);
  const list = Object.entries(equations).map(([name, { title, lines, says, source }]) => {
    const formulas = lines.map((line) => {
      const formula = element('p', { class: 'formula' });
      formula.innerHTML = line;
      return formula;
    });
    return element(
      'section',
      { id: name, tabindex: -1, 'aria-labelledby': `${name}-title` },
      element('h3', { id: `${name}-title` }, title),
      ...formulas,
      element('p', {}, says),
      element('p', { class: 'source' }, source),
    );
  });
  const head = element('header', {}, element('h2', { id: 'equations-title' }, 'Equations'), close);
  const body = element('div', { class: 'equations-body', tabindex: 0 }, ...list);
  const root = element(
    'aside',
    { class: 'equations', 'aria-labelledby': 'equations-title', hidden: true },
    head,
    body,
  );
  root.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') onClose();
  });
  let opener: Element | null = null;
  return {
    element: root,
    show(name) {
      if (name === undefined) {
        if (root.hidden) return;
        root.hidden = true;
        if (opener instanceof HTMLElement) opener.focus();
        return;
      }
      if (root.hidden) opener = document.activeElement;
      root.hidden = false;
      for (const section of list) section.classList.toggle('here', section.id === name);
      const wanted = list.find((section) => section.id === name);
      wanted?.scrollIntoView({ block: 'start' });
      wanted?.focus({ preventScroll: true });
    },
  };
}
