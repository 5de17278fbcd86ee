// What "write your own" begins with: a LIF neuron whose leak is learnt.

export const FIRST =
  '{"equations":"h = tau*v + x\\nspikes = spike(h - vth)\\nv = h*(1 - spikes)","parameters":{"tau":{"learn":0.9},"vth":1},"surrogate":{"name":"arctan","alpha":2}}';
