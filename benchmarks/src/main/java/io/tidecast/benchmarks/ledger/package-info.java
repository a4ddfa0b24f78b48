/** What is sent to a job, what must come of it, and an account of what has come. */
@NullMarked
package io.tidecast.benchmarks.ledger;

import org.jspecify.annotations.NullMarked;
