/** Makes the settings of the rooms of the keys of a job file, and names every problem at once. */
package io.tidecast.flink.config;
