"""A leaky neuron in plain Python, as small as a neuron for ../bridge.ts can be: v = 0.5·v + x, fires from 1 on, 1 is
subtracted, the surrogate is 1/(1 + |u|)². `Forgetful` loses its state between two runs, `Late` resets a step late."""

import platform

from serve import serve

DECAY, VTH = 0.5, 1.0
slope = lambda u: 1 / (1 + abs(u)) ** 2
step = lambda u: u / (1 + abs(u))


class Lif:
    promises = {"vth": VTH, "reset": "soft", "decay": DECAY}

    def sequence(self, currents, initial, fire):
        (steps, batch, neurons), data = currents["shape"], currents["data"]
        row = batch * neurons
        v = list(initial["v"]) if initial else [0.0] * row
        spikes, charged, membrane = [], [], []
        for t in range(steps):
            for i in range(row):
                h = DECAY * v[i] + data[t * row + i]
                spikes.append(fire(h - VTH))
                charged.append(h)
                v[i] = self.after(h, spikes, row)
                membrane.append(v[i])
        return {"spikes": spikes, "states": {"v": v}, "charged": charged, "membrane": membrane}

    def after(self, h, spikes, row):
        return h - VTH * spikes[-1]

    def run(self, currents, initial):
        return self.sequence(currents, initial, lambda u: float(u >= 0))

    def gradient(self, currents, weights):
        (steps, batch, neurons), row = currents["shape"], currents["shape"][1] * currents["shape"][2]
        charged = self.run(currents, None)["charged"]
        grads, after = [0.0] * len(charged), [0.0] * row  # after: of the membrane that a step leaves
        for t in reversed(range(steps)):
            for i in range(row):
                at = t * row + i
                fired = slope(charged[at] - VTH)
                grads[at] = after[i] * (1 - VTH * fired) + weights[at] * fired
                after[i] = DECAY * grads[at]
        return grads

    def smooth(self, currents, moved):
        seen = []
        self.sequence(currents, None, lambda u: seen.append((u, float(u >= 0))) or seen[-1][1])

        def spikes(each):
            place = iter(seen)

            def fire(u):
                at, spike = next(place)
                return spike + step(u) - step(at)

            return self.sequence(each, None, fire)["spikes"]

        return [spikes(each) for each in moved]


class Forgetful(Lif):
    def run(self, currents, initial):
        return super().run(currents, None)


class Late(Lif):
    def after(self, h, spikes, row):
        return h - VTH * (spikes[-1 - row] if len(spikes) > row else 0)


if __name__ == "__main__":
    serve({"Lif": Lif, "Forgetful": Forgetful, "Late": Late}, {"python": platform.python_version()})
