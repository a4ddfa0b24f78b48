/** What people write as text: numbers. */
@NullMarked
package io.tidecast.runtime.text;

import org.jspecify.annotations.NullMarked;
