/**
 * {@code ./tutti config}: reads a directory of files into one document, has a running server plan or apply it, and says
 * which line of which file is wrong. Decides what of a directory is read; never what a configuration may be.
 */
@NullMarked
package dev.tutti.server.config;

import org.jspecify.annotations.NullMarked;
