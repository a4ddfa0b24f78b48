/** Gives the page what it shows: the topics of a job, and how the job gets on. */
@NullMarked
package io.tidecast.cli.page;

import org.jspecify.annotations.NullMarked;
