/**
 * Money at a payment provider: what is held, taken and given back, computed from what the provider was asked and has
 * said. It knows nothing of orders, and calls nobody.
 */
@NullMarked
package dev.tutti.payment;

import org.jspecify.annotations.NullMarked;
