/** Writes and reads the records of every topic, and names the reasons why an input is refused. */
@NullMarked
package io.tidecast.schemas;

import org.jspecify.annotations.NullMarked;
