package io.tidecast.flink.history;

/**
 * A series of a history, whose cells are in its file.
 *
 * @param firstMillis time of its first cell
 * @param cells from the first to the last with a value, the missing ones between them too
 * @param valued how many of them have a value
 * @param at where its values begin in the file, bytes
 */
public record HistorySeries(String name, long firstMillis, int cells, int valued, long at) {}
