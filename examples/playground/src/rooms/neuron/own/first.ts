// What "write your own" begins with: a LIF neuron whose leak is learnt.

export const FIRST =
  '{"equations":"h = tau*v + x\\nspikes = spike(h - vth)\\nv = h*(1 - spikes)","parameters":{"tau":{"learn":0.9},"vth":1},"surrogate":{"name":"arctan","alpha":2}}';

/** The same in continuous time, exact between spikes, with two steps of rest after one. */
export const DIFFERENTIAL =
  '{"equations":"dv/dt = (x - v)/tau","parameters":{"tau":{"learn":5},"vth":0.3},"threshold":"v > vth","reset":"v = 0","refractory":2,"surrogate":"arctan"}';
