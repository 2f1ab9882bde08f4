package dev.tutti.fulfilment;

/** How units reach the customer. */
public enum Method {
    SHIP,
    PICK_UP
}
