/** Makes rows of the records that a job writes, and says what each table does with them. */
@NullMarked
package io.tidecast.postgres.rows;

import org.jspecify.annotations.NullMarked;
