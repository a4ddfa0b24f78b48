/** The commands that put models of a running job into service and out of it. */
@NullMarked
package io.tidecast.cli.swap;

import org.jspecify.annotations.NullMarked;
