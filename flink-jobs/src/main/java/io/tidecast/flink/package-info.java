/**
 * The forecast job: Kafka observations in, Kafka forecasts out. The only package that knows Flink.
 *
 * <p>What travels between operators are public records of plain fields, because Flink serializes
 * those without Kryo; nobody outside makes them. Such records compare arrays by identity.
 */
@NullMarked
package io.tidecast.flink;

import org.jspecify.annotations.NullMarked;
