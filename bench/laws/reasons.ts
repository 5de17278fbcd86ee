// Why a neuron of a peer does not keep a law, found in the peer's source. `design`: its documentation says so, or the
// model is known to be so. `surprise`: neither.

export interface Reason {
  readonly kind: 'design' | 'surprise';
  readonly why: string;
  /** File and function of the peer. */
  readonly where: string;
}

interface Known extends Reason {
  readonly peer: string;
  readonly neuron: RegExp;
  readonly laws: readonly string[];
}

const snntorch: readonly Omit<Known, 'peer'>[] = [
  {
    neuron: /^Leaky reset_delay=False$/,
    laws: ['reset'],
    kind: 'surprise',
    why: 'the reset of the step before is taken off again where the neuron does not fire once more, so a membrane that stays above its threshold is reset by no one (findings/snntorch-reset-not-delayed.sh)',
    where: 'snntorch/_neurons/leaky.py, Leaky.forward',
  },
  {
    neuron: /^(Leaky|Synaptic|RLeaky|RSynaptic)/,
    laws: ['reset'],
    kind: 'design',
    why: 'the reset comes a step after the spike (reset_delay=True): the membrane that comes out is the one that fired',
    where: 'snntorch/_neurons/leaky.py, Leaky.forward and _base_sub; the others likewise',
  },
  {
    neuron: /^(Lapicque|Alpha)/,
    laws: ['reset'],
    kind: 'design',
    why: 'the reset comes a step after the spike, as in Leaky; here there is no reset_delay to turn off',
    where: 'snntorch/_neurons/lapicque.py and alpha.py, forward',
  },
  {
    neuron: /^Lapicque/,
    laws: ['decay'],
    kind: 'surprise',
    why: 'beta becomes R·C = 1/ln(1/beta), and an Euler step of that leaves 1 + ln(beta), not beta (findings/snntorch-one-beta-three-decays.sh)',
    where: 'snntorch/_neurons/lapicque.py, _lapicque_cases and _base_state_function',
  },
  {
    neuron: /^StateLeaky/,
    laws: ['decay'],
    kind: 'surprise',
    why: 'beta becomes tau = 1/(1 - beta), which decays by exp(-1/tau) = exp(beta - 1), not beta (findings/snntorch-one-beta-three-decays.sh)',
    where: 'snntorch/_neurons/stateleaky.py, _tau_buffer and _base_state_function',
  },
  {
    neuron: /^(RLeaky|RSynaptic)$/,
    laws: ['rest', 'bounded', 'fires once', 'fires'],
    kind: 'design',
    why: 'what comes back goes through a linear layer whose weights and bias are drawn: the bias alone is a current, and a weight may feed a neuron for ever',
    where: 'snntorch/_neurons/rleaky.py, _init_recurrent_linear',
  },
];

const spikingjelly: readonly Omit<Known, 'peer'>[] = [
  {
    neuron: /^EIFNode/,
    laws: ['rest', 'fires once'],
    kind: 'surprise',
    why: 'with delta_T = 1 and theta_rh = 0.8 the exponential is larger than the leak everywhere: it has no resting potential (findings/spikingjelly-eif-fires-alone.sh)',
    where: 'spikingjelly/activation_based/neuron/nonlinear_if.py, EIFNode.__init__',
  },
  {
    neuron: /^Ternary/,
    laws: ['binary', 'threshold'],
    kind: 'design',
    why: 'it fires -1 at minus its threshold',
    where: 'spikingjelly/activation_based/functional/neuron.py, _ternary_fire_and_reset',
  },
  {
    neuron: /^ILIFNode$/,
    laws: ['binary', 'fires once'],
    kind: 'design',
    why: 'it fires as often in a step as its threshold fits into the membrane',
    where: 'spikingjelly/activation_based/functional/neuron.py, ilif_step',
  },
  {
    neuron: /^(PSN|MaskedPSN)/,
    laws: ['causal', 'fires', 'fires once', 'rest', 'bounded'],
    kind: 'design',
    why: 'a matrix over the steps of a sequence of one length, drawn at first, stands in the place of a membrane: PSN sees later steps too, and a sequence of another length is another neuron',
    where: 'spikingjelly/activation_based/neuron/psn.py, forward',
  },
];

const norse: readonly Omit<Known, 'peer'>[] = [
  {
    neuron: /Cell/,
    laws: ['gradient'],
    kind: 'surprise',
    why: 'alpha = 100 is handed to the surrogate and not used: its derivative is 1/(1 + |u|)², that of alpha = 1, with which the law holds (findings/norse-superspike-without-its-steepness.sh)',
    where: 'norse/torch/functional/superspike.py, SuperSpike.backward',
  },
  {
    neuron: /^CobaLIFCell$/,
    laws: ['rest'],
    kind: 'surprise',
    why: 'its membrane starts at 0, above its threshold of -10 (findings/norse-conductance-cell-is-deaf.sh)',
    where: 'norse/torch/module/coba_lif.py, CobaLIFCell.forward',
  },
  {
    neuron: /^CobaLIFCell$/,
    laws: ['fires'],
    kind: 'surprise',
    why: 'what the input adds to the conductances is written over in the next two lines: no input has any effect (findings/norse-conductance-cell-is-deaf.sh)',
    where: 'norse/torch/functional/coba_lif.py, coba_lif_step',
  },
];

const sinabs: readonly Omit<Known, 'peer'>[] = [
  {
    neuron: /^ExpLeak$/,
    laws: ['binary', 'fires once'],
    kind: 'design',
    why: 'it is a read-out: what comes out is the membrane',
    where: 'sinabs/layers/exp_leak.py, ExpLeak.__init__ (spike_fn=None)',
  },
  {
    neuron: /^(IAF|LIF)/,
    laws: ['binary'],
    kind: 'design',
    why: 'spike_fn is MultiSpike unless told otherwise: it fires as often in a step as its threshold fits into the membrane',
    where: 'sinabs/activation/spike_generation.py, MultiSpike.forward',
  },
  {
    neuron: /MembraneReset\(-0\.5\)/,
    laws: ['reset', 'decay'],
    kind: 'surprise',
    why: 'the reset value is added in each step, spike or none (findings/sinabs-reset-value-every-step.sh)',
    where: 'sinabs/activation/reset_mechanism.py, MembraneReset.__call__',
  },
  {
    neuron: /min_v_mem/,
    laws: ['reset'],
    kind: 'design',
    why: 'a membrane below min_v_mem is lifted to it after the reset',
    where: 'sinabs/layers/functional/lif.py, lif_forward_single',
  },
  {
    neuron: /^ALIF/,
    laws: ['gradient'],
    kind: 'surprise',
    why: 'backward gives no gradient to the threshold: that a spike raises the threshold of later ones is not learnt from',
    where: 'sinabs/activation/spike_generation.py, BackwardClass.backward',
  },
  {
    neuron: /^ALIF tau_syn/,
    laws: ['decay'],
    kind: 'surprise',
    why: 'the synaptic current is not kept from call to call, and within one is multiplied by 1 - exp(-1/tau_mem) in each step (findings/sinabs-alif-current-vanishes.sh)',
    where: 'sinabs/layers/alif.py, ALIF.forward; sinabs/layers/functional/alif.py, alif_forward_single',
  },
  {
    neuron: /^ALIF tau_syn/,
    laws: ['otherwise', 'pieces', 'gradient in pieces'],
    kind: 'surprise',
    why: 'a sequence given step by step, or in pieces, loses the synaptic current at each step (findings/sinabs-alif-current-vanishes.sh)',
    where: 'sinabs/layers/alif.py, ALIF.forward',
  },
];

const brian2: readonly Omit<Known, 'peer'>[] = [];

const KNOWN: readonly Known[] = Object.entries({ snntorch, spikingjelly, norse, sinabs, brian2 }).flatMap(
  ([peer, reasons]) => reasons.map((reason) => ({ peer, ...reason })),
);

/** The first that fits. */
export const reasonOf = (peer: string, neuron: string, law: string): Reason | undefined =>
  KNOWN.find((known) => known.peer === peer && known.neuron.test(neuron) && known.laws.includes(law));
