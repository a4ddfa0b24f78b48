package io.tidecast.page.kept;

/**
 * Something that is kept.
 *
 * @param mark of its last change; later changes have greater ones
 */
record Marked<T>(T value, long mark) {}
