/** The pure heart of Tutti: no framework, no clock, no randomness, no threads, no input or output. */
module dev.tutti.core {
    requires static transitive org.jspecify;

    exports dev.tutti.quantity;
    exports dev.tutti.returns;
    exports dev.tutti.decision;
    exports dev.tutti.inbound;
    exports dev.tutti.network;
    exports dev.tutti.inventory;
    exports dev.tutti.invoice;
    exports dev.tutti.sourcing;
    exports dev.tutti.sourcing.search;
    exports dev.tutti.flow;
    exports dev.tutti.flow.verify;
    exports dev.tutti.fulfilment;
    exports dev.tutti.order;
    exports dev.tutti.payment;
    exports dev.tutti.promise;
    exports dev.tutti.reservation;
    exports dev.tutti.conveyor;
    exports dev.tutti.hub;
}
