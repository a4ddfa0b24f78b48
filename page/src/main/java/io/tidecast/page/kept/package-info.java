/** What the page is given to show, and how much of it is kept. */
@NullMarked
package io.tidecast.page.kept;

import org.jspecify.annotations.NullMarked;
