/**
 * The OpenAPI document of REST v1: what people write of the operations, put together with what the program knows: its
 * routes, rights, problems, spellings and limits. Refuses whatever is written and not there, or there and not written.
 */
@NullMarked
package dev.tutti.server.openapi;

import org.jspecify.annotations.NullMarked;
