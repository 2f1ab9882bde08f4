/**
 * Units held for a while for somebody who has not ordered yet: a cart, a checkout, a promise. Decides what is held and
 * until when; an order that names the reservation takes its units over as they are held.
 */
@NullMarked
package dev.tutti.reservation;

import org.jspecify.annotations.NullMarked;
