// What is wrong with the nodes of a graph, gathered where it is to be shown and not to be run.

/** Faults by the node's name, '' for the graph itself. */
export class Faults {
  readonly #byNode = new Map<string, Set<string>>();

  add(node: string, problem: string): void {
    const list = this.#byNode.get(node) ?? new Set();
    list.add(problem);
    this.#byNode.set(node, list);
  }

  of(node: string): readonly string[] {
    return [...(this.#byNode.get(node) ?? [])];
  }

  /** Those of the graph, and of whatever has none of these names. */
  besides(names: readonly string[]): string[] {
    const known = new Set(names);
    return [...this.#byNode].flatMap(([node, problems]) => (known.has(node) ? [] : [...problems]));
  }

  /** The nodes that have one. */
  get nodes(): ReadonlySet<string> {
    return new Set(this.#byNode.keys());
  }

  get any(): boolean {
    return this.#byNode.size > 0;
  }
}
