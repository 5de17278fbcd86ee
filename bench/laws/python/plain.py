"""A leaky neuron in plain Python, for ../index.ts: v = 0.5·v + x, fires from 1 on, 1 is subtracted, the surrogate is
1/(1 + |u|)². `Forgetful` loses its state between two runs, `Late` resets a step late."""

DECAY, VTH = 0.5, 1.0
slope = lambda u: 1 / (1 + abs(u)) ** 2
smooth_step = lambda u: u / (1 + abs(u))
step = lambda u: float(u >= 0)


def rows(sequence):
    """[T][B·N] of [T][B][N]."""
    return [[float(value) for row in now for value in row] for now in sequence]


class Lif:
    promises = {"vth": VTH, "reset": "soft", "decay": DECAY}

    def sequence(self, currents, initial, fire):
        currents = rows(currents)
        v = rows([initial["v"]])[0] if initial else [0.0] * len(currents[0])
        spikes, charged, membrane = [], [], []
        for x in currents:
            h = [DECAY * before + value for before, value in zip(v, x)]
            spikes.append([fire(value - VTH) for value in h])
            charged.append(h)
            v = self.after(h, spikes)
            membrane.append(v)
        return {"spikes": spikes, "states": {"v": v}, "charged": charged, "membrane": membrane}

    def after(self, h, spikes):
        return [value - VTH * spike for value, spike in zip(h, spikes[-1])]

    def run(self, currents, initial):
        return self.sequence(currents, initial, step)

    def gradient_in_pieces(self, currents, weights, cut):
        return self.gradient(currents, weights)  # by hand: it has no graph that could be cut

    def gradient(self, currents, weights):
        charged, weights = self.run(currents, None)["charged"], rows(weights)
        grads, after = [], [0.0] * len(weights[0])  # after: of the membrane that a step leaves
        for h, weight in zip(reversed(charged), reversed(weights)):
            fired = [slope(value - VTH) for value in h]
            grads.insert(0, [a * (1 - VTH * f) + w * f for a, f, w in zip(after, fired, weight)])
            after = [DECAY * value for value in grads[0]]
        return grads

    def smooth(self, currents, moved):
        seen = []
        self.sequence(currents, None, lambda u: seen.append((u, step(u))) or seen[-1][1])

        def spikes(each):
            place = iter(seen)

            def fire(u):
                at, spike = next(place)
                return spike + smooth_step(u) - smooth_step(at)

            return self.sequence(each, None, fire)["spikes"]

        return [spikes(each) for each in moved]


class Forgetful(Lif):
    def run(self, currents, initial):
        return super().run(currents, None)


class Late(Lif):
    def after(self, h, spikes):
        return [value - VTH * spike for value, spike in zip(h, spikes[-2] if len(spikes) > 1 else [0.0] * len(h))]


class Cut(Lif):
    """Its states come back without their past, as from detach()."""

    def gradient_in_pieces(self, currents, weights, cut):
        first, second = self.gradient(currents[:cut], weights[:cut]), self.gradient(currents[cut:], weights[cut:])
        return first + second
