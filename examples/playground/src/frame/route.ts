// What the address's hash says: #neuron is a room, #neuron/charge a room with an equation open beside it, and #charge,
// as links write it, an equation beside the room that is open.

export interface Route {
  readonly room: string;
  readonly equation?: string;
}

export interface Places {
  /** The first is where an address without a room leads. */
  readonly rooms: readonly string[];
  readonly equations: readonly string[];
}

export function readRoute(hash: string, { rooms, equations }: Places, current = rooms[0]!): Route {
  const [first = '', second] = hash.replace(/^#/, '').split('/');
  if (equations.includes(first)) return { room: current, equation: first };
  const room = rooms.includes(first) ? first : current;
  return second !== undefined && equations.includes(second) ? { room, equation: second } : { room };
}

export function writeRoute({ room, equation }: Route): string {
  return equation === undefined ? `#${room}` : `#${room}/${equation}`;
}
