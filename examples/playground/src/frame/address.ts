// The page's address: every room's state in the query (room.name=value), where the page is in the hash. The state of a
// room that has not been opened is kept as it came.

import type { Params } from './codec';
import { type Places, type Route, readRoute, writeRoute } from './route';

/** Browsers refuse hundreds of changes within seconds, so a slider's way is not written, only where it rests. */
const REST = 200;

const NONE: Params = new Map();

/** Each known room's part of a query. */
export function readQuery(query: string, rooms: readonly string[]): Map<string, Params> {
  const parts = new Map<string, Map<string, string>>(rooms.map((room) => [room, new Map()]));
  for (const [key, value] of new URLSearchParams(query)) {
    const dot = key.indexOf('.');
    parts.get(key.slice(0, dot))?.set(key.slice(dot + 1), value);
  }
  return parts;
}

export function writeQuery(parts: ReadonlyMap<string, Params>): string {
  const query = new URLSearchParams();
  for (const [room, params] of parts) for (const [name, text] of params) query.set(`${room}.${name}`, text);
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}

export class Address {
  #parts: Map<string, Params>;
  #route: Route;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param onMove told when the reader goes back or forward, or follows a link in the page */
  constructor(places: Places, onMove: () => void) {
    this.#parts = readQuery(location.search, places.rooms);
    this.#route = readRoute(location.hash, places);
    addEventListener('popstate', () => {
      this.#route = readRoute(location.hash, places, this.#route.room);
      const { room } = this.#route;
      // A link to an equation leaves every room as it is. Back and forward restore the room in view; another may be
      // in the middle of its work.
      const followedLink = location.hash !== writeRoute(this.#route);
      const entry = readQuery(location.search, places.rooms).get(room);
      if (!followedLink && entry !== undefined) this.#parts.set(room, entry);
      this.#write();
      onMove();
    });
    this.#write();
  }

  get route(): Route {
    return this.#route;
  }

  params(room: string): Params {
    return this.#parts.get(room) ?? NONE;
  }

  /**
   * A room's state has changed.
   * @param leap whether Back is to lead to the state before: a new entry of the history
   */
  set(room: string, params: Params, leap = false): void {
    if (leap) {
      this.go(this.#route, params);
      return;
    }
    this.#parts.set(room, params);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#write(), REST);
  }

  /**
   * Somewhere else, as a new entry of the history.
   * @param params a state for the room there
   */
  go(route: Route, params?: Params): void {
    this.#write();
    this.#route = route;
    if (params !== undefined) this.#parts.set(route.room, params);
    history.pushState(null, '', this.#text());
  }

  /** The whole address as it should be now. */
  link(): string {
    this.#write();
    return location.href;
  }

  #text(): string {
    return `${location.pathname}${writeQuery(this.#parts)}${writeRoute(this.#route)}`;
  }

  #write(): void {
    clearTimeout(this.#timer);
    if (this.#text() !== `${location.pathname}${location.search}${location.hash}`) {
      history.replaceState(null, '', this.#text());
    }
  }
}
