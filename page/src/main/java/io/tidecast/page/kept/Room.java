package io.tidecast.page.kept;

/** The memory that everything kept shares. Not thread-safe. */
final class Room {

  private final long most;
  private long used;

  /**
   * @param most bytes
   */
  Room(long most) {
    this.most = most;
  }

  /** Takes so many bytes, or none and says that there is no room for them. */
  boolean take(long bytes) {
    if (used + bytes > most) {
      return false;
    }
    used += bytes;
    return true;
  }

  /** Gives back what was taken. */
  void give(long bytes) {
    used -= bytes;
  }

  long used() {
    return used;
  }
}
