/**
 * HTTP as Tutti speaks it: routes that name their operation, one gate that every request passes, bodies with limits,
 * problems with a code and a place. Decides who gets through and how an answer looks; never what is answered.
 */
@NullMarked
package dev.tutti.server.http;

import org.jspecify.annotations.NullMarked;
