/** The schema registry as the job sees it: what is asked of it, and how it is reached. */
@NullMarked
package io.tidecast.flink.registry;

import org.jspecify.annotations.NullMarked;
