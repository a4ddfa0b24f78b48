/** Makes the settings of the rooms of the keys of a job file, and names every problem at once. */
@NullMarked
package io.tidecast.flink.config;

import org.jspecify.annotations.NullMarked;
