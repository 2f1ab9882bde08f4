/**
 * Does outside what orders have decided to ask for: takes intents up under a lease, calls their services, and brings the
 * answers back as commands. Decides nothing but when to ask again.
 */
@NullMarked
package dev.tutti.server.effects;

import org.jspecify.annotations.NullMarked;
