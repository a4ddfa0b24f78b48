/**
 * Makes measurements of JSON, Avro and lines of CSV. It knows nothing of Flink, and of Kafka the
 * headers.
 */
@NullMarked
package io.tidecast.flink.format;

import org.jspecify.annotations.NullMarked;
