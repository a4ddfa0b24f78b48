/** The whole job from Kafka to Kafka, held against the least that it could take. */
@NullMarked
package io.tidecast.benchmarks.pipeline;

import org.jspecify.annotations.NullMarked;
