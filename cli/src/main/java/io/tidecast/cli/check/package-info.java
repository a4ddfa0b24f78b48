/** The command that shows what a job would understand of its topics, and what it still lacks. */
@NullMarked
package io.tidecast.cli.check;

import org.jspecify.annotations.NullMarked;
