package io.tidecast.runtime.csv;

/**
 * Is one record of a file: a line, or several where a quoted field goes on.
 *
 * @param bytes as they stand in the file, without the end of the last line
 * @param line number of its first, from 1
 * @param lines that are read with it, and those before it
 * @param end where the next line begins, bytes from the beginning of the text
 */
public record CsvRecord(byte[] bytes, long line, long lines, long end) {}
