/** Ships a model to the subtasks of the job, which share one session of it in each JVM. */
@NullMarked
package io.tidecast.flink.model;

import org.jspecify.annotations.NullMarked;
