package dev.tutti.order;

/** Why a parcel could not be sent to an address as it was given. */
public enum AddressProblem {
    NO_NAME,
    NO_STREET,
    NO_CITY,
    NO_POSTCODE,
    /** The postcode is none that its country could have. */
    WRONG_POSTCODE
}
