// A made-up Windows event, before it takes one of its outer forms.

/** Where events are written, by whom, and when. Every file has a cast of its own, so its rows can be told apart. */
export interface Cast {
  readonly domain: string
  /** The two computers on which things happen. */
  readonly computers: readonly [string, string]
  /** A server that the attack reaches. */
  readonly target: string
  readonly users: readonly [User, User]
  /** Epoch milliseconds of the first event. */
  readonly start: number
}

export interface User {
  readonly name: string
  readonly sid: string
}

export interface Provider {
  readonly name: string
  readonly guid?: string
}

export interface SampleEvent {
  /** Epoch milliseconds. */
  readonly time: number
  readonly provider: Provider
  readonly channel: string
  readonly id: number
  readonly version: number
  readonly level: number
  readonly task: number
  readonly opcode: number
  /** `0x8020000000000000` */
  readonly keywords: string
  readonly recordId: number
  readonly activityId?: string
  readonly processId: number
  readonly threadId: number
  readonly computer: string
  /** Who wrote the event; absent where Windows does not say. */
  readonly user?: User
  /** The event data in order; items of old events have no names. */
  readonly data: readonly (readonly [name: string | undefined, value: string])[]
  /** The message that Windows shows, with `\n` between lines. */
  readonly message: string
  /** What classic text calls the task and the opcode. */
  readonly taskCategory: string
  readonly opcodeName: string
}
