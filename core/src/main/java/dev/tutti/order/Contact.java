package dev.tutti.order;

import java.util.List;

/**
 * Who receives a ship group: all that is personal about an order, in one place, so that erasing it is one act. Never
 * part of an event.
 */
public record Contact(
        int shipGroup,
        String name,
        List<String> street,
        String city,
        String region,
        String postcode,
        String country,
        String email,
        String phone) {}
