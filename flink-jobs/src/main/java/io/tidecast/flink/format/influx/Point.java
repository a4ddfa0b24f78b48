package io.tidecast.flink.format.influx;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One line.
 *
 * @param measurement what the line is of
 * @param tags texts by name, in the order of the line
 * @param fields a {@link Number}, {@link String} or {@link Boolean} each, by name
 * @param time in the unit of the producer; null where the line has none
 */
record Point(
    String measurement,
    Map<String, Object> tags,
    Map<String, Object> fields,
    @Nullable Long time) {}
