/**
 * JSON in and out, strictly: what is read has exactly the fields it may have, and every problem names the place, the
 * reason and what was expected. Decides what well-formed input is; never what it means.
 */
@NullMarked
package dev.tutti.server.json;

import org.jspecify.annotations.NullMarked;
