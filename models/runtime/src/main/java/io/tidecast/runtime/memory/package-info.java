/** What is done so that memory keeps up with the processor. */
@NullMarked
package io.tidecast.runtime.memory;

import org.jspecify.annotations.NullMarked;
