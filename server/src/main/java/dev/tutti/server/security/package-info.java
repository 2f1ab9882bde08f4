/**
 * Who may do what: keys, roles, the table of rights, and the scope of channels and nodes a caller is confined to.
 * Denies whatever it does not know.
 */
@NullMarked
package dev.tutti.server.security;

import org.jspecify.annotations.NullMarked;
