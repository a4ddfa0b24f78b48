/** How the job reaches its brokers: what sources and sinks both have to know. */
package io.tidecast.flink.kafka;
