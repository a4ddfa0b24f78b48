/** Asks a schema registry over HTTP, with patience for what passes and none for what does not. */
@NullMarked
package io.tidecast.flink.registry.http;

import org.jspecify.annotations.NullMarked;
