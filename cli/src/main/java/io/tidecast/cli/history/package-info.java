/** What a job has read up to now, for the commands that train a model on it or measure one. */
@NullMarked
package io.tidecast.cli.history;

import org.jspecify.annotations.NullMarked;
