"""Brian2's neurons, of the models that its documentation gives, for ../index.ts. Whatever it chooses itself is left to it: the
method, dt = 0.1 ms, the order of its slots. Numbers are float64, as everywhere in Brian2. It has no gradients."""

import gc
import warnings
from importlib.metadata import version

warnings.simplefilter("ignore")
import brian2 as b2
import numpy as np

b2.prefs.codegen.target = "numpy"
b2.BrianLogger.log_level_error()
MOST_STEPS, MOST_NEURONS, DT = 192, 64, 1e-4
DECAY = 0.9900498337491681  # exp(-0.1 ms / 10 ms)
SPACE = {"tau": 10 * b2.ms, "tau_s": 5 * b2.ms, "tau_w": 100 * b2.ms, "tau_t": 15 * b2.ms}


class Group:
    """One network, stored at rest and restored before each run. states: of the equations, by what the laws call them."""

    def __init__(self, equations, promises, states={"v": "v"}, rest={}, **settings):
        b2.start_scope()
        self.promises, self.states = promises, states
        self.currents = b2.TimedArray(np.zeros((MOST_STEPS, MOST_NEURONS)), dt=b2.defaultclock.dt)
        self.group = b2.NeuronGroup(MOST_NEURONS, equations, namespace={"x": self.currents, **SPACE}, **settings)
        for name, value in rest.items():
            setattr(self.group, name, value)
        self.spikes = b2.SpikeMonitor(self.group)
        self.charged = b2.StateMonitor(self.group, "v", record=True, when="before_thresholds")
        self.left = b2.StateMonitor(self.group, "v", record=True, when="end")
        self.network = b2.Network(self.group, self.spikes, self.charged, self.left)
        self.network.run(0 * b2.ms)
        self.network.store()
        gc.freeze()  # each run collects garbage, which takes half of its time

    def last_spikes(self):
        return self.group.variables["lastspike"].get_value()

    def run(self, currents, initial):
        steps, batch, neurons = currents.shape
        count = batch * neurons
        self.network.restore()
        values = np.zeros((MOST_STEPS, MOST_NEURONS))
        values[:steps, :count] = currents.reshape(steps, count)
        self.currents.values[:] = values
        for name, value in (initial or {}).items():
            if name == "since":
                self.last_spikes()[:count] = -value.flatten()
            else:
                getattr(self.group, self.states[name])[:count] = value.flatten()
        self.network.run(steps * b2.defaultclock.dt)
        spikes = np.zeros((steps, MOST_NEURONS))
        at = np.round(np.asarray(self.spikes.t / b2.defaultclock.dt)).astype(int)
        np.add.at(spikes, (at, np.asarray(self.spikes.i)), 1)
        of = lambda monitor: np.asarray(monitor.v).T[:, :count]
        states = {name: np.asarray(getattr(self.group, own))[:count] for name, own in self.states.items()}
        if "refractory" in self.promises:  # seconds since the last spike: what its refractoriness goes by
            states["since"] = steps * DT - self.last_spikes()[:count]
        return {"spikes": spikes[:, :count], "states": states, "charged": of(self.charged), "membrane": of(self.left)}


hard = {"vth": 1, "strict": True, "reset": "hard"}
soft = {"vth": 1, "strict": True, "reset": "soft"}
leak = "dv/dt = (x(t, i) - v)/tau : 1"
neurons = {
    "leaky": lambda: Group(leak, {**hard, "decay": DECAY}, threshold="v > 1", reset="v = 0"),
    "leaky, reset by subtraction": lambda: Group(leak, {**soft, "decay": DECAY}, threshold="v > 1", reset="v -= 1"),
    "leaky, refractory=1*ms": lambda: Group(
        leak + " (unless refractory)", {**hard, "decay": DECAY, "refractory": 9}, threshold="v > 1", reset="v = 0", refractory=1 * b2.ms),
    "leaky, refractory=1*ms without (unless refractory)": lambda: Group(
        leak, {**hard, "decay": DECAY, "refractory": 9}, threshold="v > 1", reset="v = 0", refractory=1 * b2.ms),
    "exponential current": lambda: Group(
        "dv/dt = (j - v)/tau : 1\ndj/dt = (x(t, i) - j)/tau_s : 1", hard, {"v": "v", "j": "j"}, threshold="v > 1", reset="v = 0"),
    "adaptive threshold": lambda: Group(
        leak + "\ndvt/dt = (1 - vt)/tau_t : 1", {"reset": "hard", "decay": DECAY}, {"v": "v", "vt": "vt"},
        rest={"vt": 1}, threshold="v > vt", reset="v = 0; vt += 0.5"),
    "Izhikevich": lambda: Group(
        "dv/dt = (0.04*v**2 + 5*v + 140 - u + x(t, i))/ms : 1\ndu/dt = 0.02*(0.2*v - u)/ms : 1",
        {"vth": 30, "strict": True, "reset": "hard", "vReset": -65}, {"v": "v", "u": "u"},
        rest={"v": -70, "u": -14}, method="euler", threshold="v > 30", reset="v = -65; u += 8"),
    "adaptive exponential": lambda: Group(
        "dv/dt = (-v + 0.3*exp((v - 0.8)/0.3) - w + x(t, i))/tau : 1\ndw/dt = (0.1*v - w)/tau_w : 1",
        {"vth": 1, "strict": True, "reset": "hard"}, {"v": "v", "w": "w"}, method="euler", threshold="v > 1", reset="v = 0; w += 0.2"),
}

versions = {name: version(name) for name in ("brian2", "numpy")}
