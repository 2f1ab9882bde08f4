/**
 * What a customer can be told: how they can have things, when, and what that costs. Decides nothing by itself: nodes are
 * chosen by sourcing, as they will be for the order, and dates follow from the network's calendars; so what is promised is
 * what will be planned. Never holds anything; a reservation does.
 */
@NullMarked
package dev.tutti.promise;

import org.jspecify.annotations.NullMarked;
