/** What a driver may know of one connection, and do to it, beside running statements. */
export interface ConnectionState {
  /**
   * Makes the connection refuse writes until the function that it returns is called; absent where a transaction that
   * is begun as read only refuses them by itself.
   */
  refuseWrites?: (() => () => void) | undefined
}
