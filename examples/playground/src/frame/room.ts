// What a room is to the page: a codec for its state and a function that builds it. The page hides the state's type,
// since it only moves text between the room and the address.

import type { Codec, Params } from './codec';

export interface RoomContext<S> {
  /** The state that the address asks for. */
  readonly state: S;
  /**
   * Tells the page of every new state; it goes into the address.
   * @param leap whether Back is to lead to the state before it. Default false: a slider's way is no history.
   */
  changed(state: S, leap?: boolean): void;
  /** Goes to another room, with these parts of its state changed. */
  lead(room: string, params: Params): void;
  /** Says something to screen readers once things rest; for numbers that change without the focus moving. */
  announce(text: string): void;
}

export interface OpenRoom<S> {
  /** Takes a state from outside: the reader went back or forward. */
  show(state: S): void;
  /** The page is in the background, or another room is in view: stop what moves. */
  pause(): void;
  /** In view again. Called once after opening. */
  resume(): void;
}

export interface RoomDefinition<S> {
  readonly codec: Codec<S>;
  /** Fills `host`. Called once, when the room is first opened. */
  open(host: HTMLElement, context: RoomContext<S>): OpenRoom<S> | Promise<OpenRoom<S>>;
}

/** What the page needs of a room. */
export interface Room {
  open(
    host: HTMLElement,
    params: Params,
    changed: (params: Params, leap?: boolean) => void,
    announce: (text: string) => void,
    lead: RoomContext<never>['lead'],
  ): Promise<OpenRoom<Params>>;
}

export function defineRoom<S>({ codec, open }: RoomDefinition<S>): Room {
  return {
    async open(host, params, changed, announce, lead) {
      const state = codec.read(params);
      changed(codec.write(state)); // what it did not understand goes out of the address
      const opened = await open(host, {
        state,
        changed: (next, leap) => changed(codec.write(next), leap),
        announce,
        lead,
      });
      return {
        show: (text) => opened.show(codec.read(text)),
        pause: () => opened.pause(),
        resume: () => opened.resume(),
      };
    },
  };
}
