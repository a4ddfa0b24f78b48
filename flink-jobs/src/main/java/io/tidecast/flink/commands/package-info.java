/**
 * What somebody wants done with the models of a running job: the records of the topic of commands,
 * and where in that topic a job begins.
 */
@NullMarked
package io.tidecast.flink.commands;

import org.jspecify.annotations.NullMarked;
