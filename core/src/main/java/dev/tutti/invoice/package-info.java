/** What is billed, and what is credited. */
@NullMarked
package dev.tutti.invoice;

import org.jspecify.annotations.NullMarked;
