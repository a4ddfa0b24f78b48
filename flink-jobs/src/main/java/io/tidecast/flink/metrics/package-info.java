/** Lists every metric of the job, and registers them with Flink. */
package io.tidecast.flink.metrics;
