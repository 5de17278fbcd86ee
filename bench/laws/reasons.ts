// Why a neuron of a peer does not keep a law, found in the peer's source. `design`: its documentation says so, or the
// model is known to be so. `surprise`: neither.

export interface Reason {
  readonly kind: 'design' | 'surprise';
  readonly why: string;
  /** File and function of the peer. */
  readonly where?: string;
}

interface Known extends Reason {
  readonly peer: string;
  readonly neuron: RegExp;
  readonly laws: readonly string[];
}

const KNOWN: readonly Known[] = [];

export const reasonOf = (peer: string, neuron: string, law: string): Reason | undefined =>
  KNOWN.find((known) => known.peer === peer && known.neuron.test(neuron) && known.laws.includes(law));
